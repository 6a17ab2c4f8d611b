/** What the runtime downloads: how much of it has arrived, and what can't be had. */

const REPORT_EVERY_MS = 50;
const here = new URL("./", import.meta.url);

export class Downloads {
  /**
   * @param {Record<string, number>} files the bytes of each, by its path on the site
   * @param {(loaded: number, total: number) => void} report
   */
  constructor(files, report) {
    this.files = files;
    this.report = report;
    this.loaded = 0;
    this.nextReport = 0;
    this.total = Object.values(files).reduce((sum, bytes) => sum + bytes, 0);
    /** Rejects when a file can't be had. */
    this.failure = new Promise((_, reject) => (this.fail = reject));
    this.failure.catch(() => {});
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

  /** Import a module of the site. @param {string} path */
  async module(path) {
    try {
      const module = await import(new URL(path, here).href);
      this.arrived(this.files[path] ?? 0);
      return module;
    } catch (error) {
      throw this.lost(path, error);
    }
  }

  /** Count what fetch brings. The answer itself goes on untouched, so WebAssembly can stream it. */
  watchFetch() {
    const fetch = self.fetch;
    self.fetch = async (resource, options) => {
      const url = new URL(resource instanceof Request ? resource.url : resource, here).href;
      const path = url.replace(here.href, "");
      try {
        const response = await fetch(resource, options);
        if (!response.ok) throw new Error(`the server answered ${response.status}`);
        if (path in this.files) this.count(path, response.clone());
        return response;
      } catch (error) {
        throw this.lost(path, error);
      }
    };
    return () => (self.fetch = fetch);
  }

  /** @param {string} path @param {Response} response */
  async count(path, response) {
    try {
      const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        this.arrived(part.value.length);
      }
    } catch (error) {
      this.lost(path, error);
    }
  }
}
