/**
 * A hundred requests and the tool that each needs, as a model or a person would put them: half English, half German, French
 * and Indonesian. The first half is for trying things out; the second is measured and never tuned on.
 */
const LINES = `
what time is it in Tokyo|current_time
find what ben said about the budget earlier|search_conversation
look up the latest news about the election on the web|web_search
read this article https://example.com/a|read_url
take a screenshot of that page|browser_screenshot
save these notes as a file|save_file
show me my files|list_files
post this in #announcements|send_message_to_channel
erinnere mich morgen um acht an den Müll|remind_me
cancel the reminder about the dentist|cancel_reminder
make a poll about where to eat|create_poll
draw a picture of a fox in the snow|generate_image
transcribe this voice message|transcribe_audio
merk dir, dass ich Vegetarier bin|remember_fact
what do you know about me|recall_facts
run this python script|run_code
search my mail for the invoice from the landlord|gmail_search
send an email to anna about friday|gmail_send
antworte auf diese E-Mail|gmail_reply
was steht morgen in meinem Kalender|calendar_list_events
schedule a meeting with the team on tuesday|calendar_create_event
verschiebe den Termin auf 15 Uhr|calendar_update_event
when can we all meet next week|calendar_find_free_time
find the contract in my drive|drive_search
share the document with ben|drive_share
read column B of the spreadsheet|sheets_read_range
create a presentation about our results|slides_create
phone number of aunt maria|contacts_search
add milk to my todo list|tasks_add
open a bug on github about the crash|github_create_issue
list open pull requests|github_list_pull_requests
did the ci build fail|github_workflow_runs
start the deployment pipeline in azure|azure_run_pipeline
buat faktur untuk pelanggan Budi|kledo_create_invoice
which invoices are overdue|kledo_list_invoices
catat pengeluaran bensin 200 ribu|kledo_create_expense
laporan laba rugi bulan ini|kledo_profit_and_loss
how much money is in the bank account|kledo_bank_balance
combien de pièces en stock au magasin de Lyon|cegid_stock_level
chiffre d'affaires du magasin hier|cegid_sales_of_day
transfer 10 shirts from Paris to Lyon store|cegid_transfer_stock
prix de cet article|cegid_price_check
pindahkan deal ini ke tahap negosiasi|qontak_move_deal
kirim pesan whatsapp ke pelanggan|qontak_send_whatsapp
close the support ticket|qontak_close_ticket
wie wird das Wetter morgen|weather_forecast
convert 100 euro to rupiah|convert_currency
übersetze das ins Französische|translate_text
flights from Berlin to Jakarta|search_flights
turn off the lights in the kitchen|smart_home_set
wie spät ist es in New York|current_time
what did we say about the trip last week|search_conversation
suche im Internet nach einem Rezept für Brot|web_search
lis cette page web|read_url
click on the login button|browser_click
fill in the form field with my name|browser_type
hapus file laporan lama|delete_file
ouvre mon fichier notes|read_file
remind me every monday to water the plants|remind_me
welche Erinnerungen habe ich|list_reminders
every morning at 8 post a summary of the news here|schedule_prompt
erstelle eine Umfrage|create_poll
gambar seekor kucing|generate_image
forget that I live in Berlin|forget_fact
execute some javascript code|run_code
install pandas|install_package
cari email dari bank|gmail_search
envoie un mail à Paul|gmail_send
archive this email|gmail_archive
apa jadwal saya besok|calendar_list_events
crée un rendez-vous avec Marie jeudi|calendar_create_event
delete the appointment on friday|calendar_delete_event
write a new google doc with this text|drive_create_document
put these values into the sheet|sheets_write_range
make a new spreadsheet|sheets_create
mark the task as done|tasks_complete
zeige meine Aufgaben|tasks_list
where in the code is this function used on github|github_search_code
comment on the pull request|github_comment_issue
merge the PR|github_merge_pull_request
create a new branch|github_create_branch
show the azure board items|azure_list_work_items
let the coding agent fix the bug in the project|claude_code
daftar faktur yang belum dibayar|kledo_list_invoices
the customer paid invoice 42|kledo_record_payment
neraca per akhir tahun|kledo_balance_sheet
berapa saldo kas|kledo_bank_balance
liste des magasins en France|cegid_list_stores
points de fidélité de la cliente|cegid_loyalty_points
cherche le client par téléphone|cegid_find_customer
buat deal baru di CRM|qontak_create_deal
show the sales pipeline|qontak_list_deals
tiket dukungan yang masih terbuka|qontak_list_tickets
tell the other AI instance that we are done|hacs_send_instance_message
terjemahkan ke bahasa Inggris|translate_text
price of the apple share|stock_quote
hôtel à Rome pour deux nuits|search_hotels
how long does it take to drive to Munich|directions
play some jazz in the voice channel|play_music
time out that spammer for ten minutes|mute_member
`;

export interface Request {
  readonly words: string;
  readonly tool: string;
}

const ALL: readonly Request[] = LINES.trim()
  .split("\n")
  .map((line) => {
    const [words = "", tool = ""] = line.split("|");
    return { words, tool };
  });

export const TRYING = ALL.slice(0, 50);
export const MEASURED = ALL.slice(50);
