import { health } from "./api.js";
import { byId, element } from "./element.js";

/** Says who answers, and which rooms of the house are on and off, and why. Resolves with Clara's name here. */
export async function showHouse() {
  const { name, version, status, demo, rooms } = await health();
  document.title = name;
  byId("name").textContent = name;
  byId("version").textContent = version;
  byId("house").dataset.kind = status === "degraded" ? "unwell" : demo ? "demo" : "real";
  byId("house-summary").textContent = summary(status, demo, rooms);
  byId("rooms").replaceChildren(...rooms.map(drawRoom));
  return name;
}

function summary(status, demo, rooms) {
  if (status === "degraded") return "Something does not work here. See what";
  if (demo) return "This is the demo model: it follows a script. See what turns on more";
  const on = rooms.filter((room) => room.on).length;
  return `${on} of ${rooms.length} rooms are on. See which`;
}

const drawRoom = ({ name, on, why, advice }) =>
  element(
    "li",
    { className: on ? "on" : "off" },
    element("strong", {}, name),
    element("span", { className: "state" }, on ? "on" : "off"),
    element("span", { className: "why" }, why),
    advice === null ? null : element("span", { className: "advice" }, advice),
  );
