import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Graphics by SwiftShader, and nothing that speaks to the network. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How {@link answerOf} runs a program. */
export interface AnswerOptions {
  readonly limitSeconds?: number;
  /** Answers requests for more files, and says whether it did. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/**
 * Runs `program`, the body of an async function with the exports of `bundle` as `bundle`, on a page of a headless Chromium
 * and returns what it returned. Work on a graphics processor is not on the clock that `--virtual-time-budget` winds, so that
 * the page sends its answer when it has one.
 */
export async function answerOf(
  chromium: string,
  bundle: string,
  program: string,
  { limitSeconds = 50, answer: serveMore }: AnswerOptions = {},
): Promise<unknown> {
  const page = `<!doctype html><script type="module">
    const answer = async () => { const bundle = await import("/bundle.js"); ${program} };
    const body = JSON.stringify(await answer().catch((error) => String(error)));
    await fetch("/answer", { method: "POST", body });
  </script>`;
  const profile = await mkdtemp(join(tmpdir(), "colm-kernels-"));
  let received: (answer: unknown) => void = () => {};
  const answer = new Promise<unknown>((resolve) => {
    received = resolve;
  });
  const server = createServer(async (request, response) => {
    const { url } = request;
    if (serveMore?.(request, response)) return;
    if (url === "/answer") {
      let text = "";
      for await (const part of request.setEncoding("utf8")) text += part;
      received(JSON.parse(text));
    }
    const isScript = url === "/bundle.js";
    response.writeHead(200, { "content-type": `text/${isScript ? "javascript" : "html"}; charset=utf-8` });
    response.end(isScript ? bundle : page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const flags = [...FLAGS, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`];
  const child = spawn(chromium, flags, { stdio: "ignore" });
  const limit = setTimeout(() => child.kill("SIGKILL"), limitSeconds * 1000);
  const ended = endOf(child);
  const silent = ended.then(() => Promise.reject(new Error("Chromium ended without an answer")));
  try {
    return await Promise.race([answer, silent]);
  } finally {
    clearTimeout(limit);
    child.kill("SIGTERM");
    await ended;
    await silent.catch(() => undefined);
    server.closeAllConnections();
    server.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on("close", () => resolve());
    child.on("error", () => resolve());
  });
}
