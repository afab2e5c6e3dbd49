import Foundation

/// A destination of whole log lines.
public struct LogOutput: Sendable {
    private let write: @Sendable ([UInt8]) -> Void

    public init(_ write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

    /// Appends to a file, which is created when it is missing. Lines are lost when it cannot be opened.
    public init(appendingTo path: String) {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: descriptor >= 0)
        self.init { Self.write($0, to: handle.fileDescriptor) }
    }

    public static let standardError = LogOutput { write($0, to: STDERR_FILENO) }

    func line(_ bytes: [UInt8]) { write(bytes) }

    /// Writes a line at once: lines below `PIPE_BUF` bytes do not mix with those of other threads and processes.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        bytes.withUnsafeBytes { buffer in
            var rest = UnsafeRawBufferPointer(rebasing: buffer[...])
            while let base = rest.baseAddress, rest.count > 0 {
                let count = Foundation.write(descriptor, base, rest.count)
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
