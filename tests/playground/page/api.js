// The playground's JSON, as the person that one is.

import { toast } from "./dom.js";
import { here } from "./here.js";

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `The playground answered ${response.status}.`);
  return body;
}

export async function get(path, query = {}) {
  const search = new URLSearchParams({ person: here.person, ...query });
  return answer(await fetch(`api/${path}?${search}`));
}

export async function act(name, given = {}) {
  const search = new URLSearchParams({ person: here.person });
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify(given);
  return answer(await fetch(`api/${name}?${search}`, { method: "POST", headers, body }));
}

// The same, but what cannot be done is told, and gives null.
export async function attempt(name, given) {
  try {
    return await act(name, given);
  } catch (error) {
    toast(error.message);
    return null;
  }
}

export async function upload(file) {
  const search = new URLSearchParams({ person: here.person, name: file.name });
  return answer(await fetch(`api/files?${search}`, { method: "POST", body: file }));
}

let events;
export const hush = () => events?.close();

export function listen(onNews) {
  hush();
  events = new EventSource(`api/events?${new URLSearchParams({ person: here.person })}`);
  events.onmessage = (event) => onNews(JSON.parse(event.data));
}
