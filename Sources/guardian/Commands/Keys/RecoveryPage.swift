import Foundation
import GuardianArchive
import GuardianCore

/// An HTML page with the recovery code, for printing: the code in large groups, and how to use it.
struct RecoveryPage {
    let code: Secret<String>
    let keyID: RecipientKeyID

    /// Writes a file that only its owner may read.
    ///
    /// - Throws: `alreadyExists` when the file exists, `failedPrecondition` when it cannot be written.
    func write(to path: String) throws {
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let number = errno
            throw GuardianError(
                number == EEXIST ? .alreadyExists : .failedPrecondition,
                "\(path) cannot be written (\(String(cString: strerror(number)))); name another file.")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do { try file.write(contentsOf: Data(html.utf8)) } catch {
            unlink(path)
            throw GuardianError(.failedPrecondition, "\(path) could not be written.", cause: error)
        }
    }

    private var html: String {
        let groups = code.reveal().split(separator: "-").map { "<li>\($0)</li>" }.joined()
        return """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Guardian recovery code</title>
            <style>
            body { font: 16px/1.5 sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; color: #000; background: #fff }
            ol { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(7, 1fr); gap: 1rem }
            li, code { font-family: monospace } li { font-size: 1.5rem }
            </style>
            <h1>Guardian recovery code</h1>
            <p>Key \(keyID)</p>
            <ol>\(groups)</ol>
            <p>Anyone with this code can open every clip that is sealed to it; without it nobody can, not even the makers of
            Guardian. Keep it on paper, away from the recorder, where a second person finds it. Then delete this file.</p>
            <p>To open a clip: the page Archive of your Guardian, or <code>guardian archive open FILE --code-file CODE --output
            clip.mp4</code>. The file format and a short program that opens it are in the documentation under “Sealed clips”;
            both work without Guardian. Capitals, hyphens and spaces do not matter; O is 0, I and L are 1.</p>
            </html>

            """
    }
}
