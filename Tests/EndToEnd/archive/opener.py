"""Runs the browser's opener in a page: returns its verdict on a sealed file, and size and hash of the plaintext."""

OPEN = """async ([address, code, kind]) => {
    const { open } = await import("/ui/archive/sealed/open.js");
    const { readCode } = await import("/ui/archive/sealed/code.js");
    const { BlobSource, RangeSource } = await import("/ui/archive/sealed/source.js");
    const source = kind === "range" ? new RangeSource(address) : new BlobSource(await (await fetch(address)).blob());
    let length = 0;
    const chunks = [];
    try {
        const clip = await open(source, await readCode(code));
        for await (const bytes of clip.plaintext()) {
            length += bytes.length;
            chunks.push(bytes.slice());
        }
        const { kind, length: reported, words } = await clip.ending();
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(chunks).arrayBuffer()));
        return { verdict: kind, size: reported, length, words, header: clip.header, kem: clip.kem, isClassical: clip.isClassical,
            sha256: [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
    } catch (error) {
        if (!error.reason) throw error;
        return { verdict: `refused: ${error.reason}`, words: error.message, length };
    }
}"""


def open_in(page, address, code, kind="blob"):
    return page.evaluate(OPEN, [address, code, kind])
