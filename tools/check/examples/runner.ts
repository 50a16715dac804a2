import { appendFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

/** Imports the modules given after the first argument one by one; what each threw goes to the file named first. */
const [results, ...modules] = process.argv.slice(2);
for (const path of modules) {
  const problem = await import(pathToFileURL(path).href).then(
    () => "",
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
  await appendFile(results, `${JSON.stringify({ path, problem })}\n`);
}
