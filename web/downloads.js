/** What the runtime downloads: how much of it has arrived, and what can't be had. */

/** @import { RuntimeFile } from "./types" */

const REPORT_EVERY_MS = 50;
export const PATIENCE_MS = 60_000;
const COMPRESSED = ".gzip";
const here = new URL("./", import.meta.url);

export class Downloads {
  /**
   * Begin to fetch the compressed files, all at once.
   * @param {Record<string, RuntimeFile>} files by their paths on the site
   * @param {(loaded: number, total: number) => void} report
   */
  constructor(files, report) {
    this.files = files;
    this.report = report;
    this.loaded = 0;
    this.nextReport = 0;
    this.total = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
    /** Rejects when a file can't be had. */
    this.failure = new Promise((_, reject) => (this.fail = reject));
    this.failure.catch(() => {});
    /** Those that are on their way, by the addresses that they have decompressed. */
    this.coming = new Map(
      Object.keys(files)
        .filter((path) => path.endsWith(COMPRESSED))
        .map((path) => [new URL(path, here).href.slice(0, -COMPRESSED.length), this.#bring(path)]),
    );
  }

  /** @param {string} path @param {unknown} reason */
  lost(path, reason) {
    const why = reason instanceof Error ? reason.message : reason;
    const error = new Error(`could not load ${path} (${why})`);
    this.fail(error);
    return error;
  }

  /** @param {number} bytes */
  arrived(bytes) {
    this.loaded += bytes;
    const now = performance.now();
    if (now < this.nextReport && this.loaded < this.total) return;
    this.nextReport = now + REPORT_EVERY_MS;
    this.report(this.loaded, this.total);
  }

  /**
   * Count a module of the site, once it is there.
   * @param {string} path
   * @param {Promise<any>} importing
   */
  async module(path, importing) {
    try {
      const module = await importing;
      this.arrived(this.files[path].bytes);
      return module;
    } catch (error) {
      throw this.lost(path, error);
    }
  }

  /**
   * Have fetch answer with the files that are on their way, decompressed: so a server needs not do
   * that, and what it sends is as small everywhere.
   */
  answerFetch() {
    const fetch = self.fetch;
    self.fetch = async (resource, options) => {
      const url = new URL(resource instanceof Request ? resource.url : resource, here).href;
      const coming = this.coming.get(url);
      if (coming) return decompressed(await coming, url);
      const path = url.replace(here.href, "");
      try {
        const response = await fetch(resource, options);
        if (!response.ok) throw new Error(`the server answered ${response.status}`);
        return response;
      } catch (error) {
        throw this.lost(path, error);
      }
    };
    return () => (self.fetch = fetch);
  }

  /** All the compressed files, decompressed. */
  all() {
    return Promise.all([...this.coming].map(async ([url, coming]) => decompressed(await coming, url)));
  }

  /** @param {string} path */
  async #bring(path) {
    const { sha256 } = this.files[path];
    try {
      const bytes = await this.#read(path);
      if (await isAsPinned(bytes, sha256)) return bytes;
      // What the browser has kept may be of an earlier release; the server's word is the last.
      this.loaded -= bytes.byteLength;
      const latest = await this.#read(path, { cache: "reload" });
      if (await isAsPinned(latest, sha256)) return latest;
      throw new Error(`its SHA-256 hash is not ${sha256}: it is damaged, or of another release`);
    } catch (error) {
      throw this.lost(path, error);
    }
  }

  /** @param {string} path @param {RequestInit} [options] */
  async #read(path, options) {
    const patience = new Patience();
    const { signal } = patience;
    try {
      const response = await fetch(new URL(path, here), { ...options, signal });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const counting = new TransformStream({
        transform: (part, controller) => {
          patience.renew();
          this.arrived(part.length);
          controller.enqueue(part);
        },
      });
      const body = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body);
      return await new Response(body.pipeThrough(counting)).arrayBuffer();
    } finally {
      patience.end();
    }
  }
}

/** Gives up a download of which nothing has come for long: it would stand still for ever. */
class Patience {
  #controller = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  constructor() {
    this.signal = this.#controller.signal;
    this.renew();
  }

  renew() {
    clearTimeout(this.#timer);
    const reason = new Error(`nothing has come for ${PATIENCE_MS / 1000} seconds`);
    this.#timer = setTimeout(() => this.#controller.abort(reason), PATIENCE_MS);
  }

  end() {
    clearTimeout(this.#timer);
  }
}

/**
 * Is a file the one that was built? On insecure addresses browsers don't compute hashes; there the
 * checksum that gzip has finds what is damaged.
 * @param {ArrayBuffer} bytes
 * @param {string} sha256
 */
async function isAsPinned(bytes, sha256) {
  if (!crypto.subtle) return true;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return sha256 === Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {ArrayBuffer} bytes @param {string} url */
function decompressed(bytes, url) {
  const body = new Response(bytes).body?.pipeThrough(new DecompressionStream("gzip"));
  // WebAssembly is compiled while it comes, if it says what it is.
  const type = url.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(body, { headers: { "Content-Type": type } });
}
