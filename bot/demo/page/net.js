// Talking to the demo: posts, and the stream of everything that happens in a room.

export class Refused extends Error {
  constructor(reason, detail) {
    super(reason);
    this.reason = reason;
    this.detail = detail;
  }
}

export async function post(path, body = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Refused("stopped");
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(told.reason || (answer.status === 404 ? "gone" : "failed"), told.detail);
  return told;
}

/** Calls `onEvent` with each event, and `onLost` with whether the room is gone for good. */
export function listen(room, onEvent, onLost) {
  const source = new EventSource(`${room}/events`);
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onerror = () => onLost(source.readyState === EventSource.CLOSED);
  addEventListener("pagehide", () => source.close());
  return source;
}

const REASONS = {
  busy: "Time is passing just now. A moment.",
  phone: "The phone does not allow that.",
  "no-question": "No question lies ahead yet. Finish the welcome, or send /resume.",
  full: "Twelve people are here already. Close one of their pages first.",
  gone: "This person is gone. The demo has been started anew.",
  stopped: "The demo has stopped.",
};

export function explained(error) {
  if (error.reason === "content") return error.detail;
  return REASONS[error.reason] || "That did not work.";
}
