// Requests to the service that the page is from. What is refused is an error whose message is the service's sentence.

export class Refused extends Error {
  constructor(readonly status: number, sentence: string) {
    super(sentence);
  }
}

async function sentenceOf(answer: Response): Promise<string> {
  try {
    return (await answer.json()).error.sentence;
  } catch {
    return `the service answers ${answer.status}`;
  }
}

export async function ask(path: string, how: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...how });
  } catch (wrong) {
    if ((wrong as Error).name === "AbortError") throw wrong;
    throw new Refused(0, "the service does not answer: it has ended, or the way to it is cut");
  }
  if (!answer.ok && answer.status !== 416) throw new Refused(answer.status, await sentenceOf(answer));
  return answer;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask(path, { signal })).json();
}

export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  const answer = await ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  return answer.status === 204 ? (undefined as T) : answer.json();
}
