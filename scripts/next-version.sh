#!/bin/sh
# Prints the version that follows the given one: ISO year, ISO week, count within the week (YYYY.WW.N of calver.org).
# It never goes backwards: where the clock is behind the last version, that one's week goes on. What is no such
# version, as before the first release, is followed by the first of this week.
set -eu

year=$(date +%G)
week=$(date +%V)
week=${week#0}

case "${1-}" in
  2[0-9][0-9][0-9].[1-9].[1-9]* | 2[0-9][0-9][0-9].[1-5][0-9].[1-9]*) ;;
  *) echo "$year.$week.1"; exit ;;
esac
IFS=. read -r last_year last_week last_count <<OLD
$1
OLD
case $last_count in *[!0-9]*) echo "$year.$week.1"; exit ;; esac

if [ $((last_year * 100 + last_week)) -ge $((year * 100 + week)) ]; then
  echo "$last_year.$last_week.$((last_count + 1))"
else
  echo "$year.$week.1"
fi
