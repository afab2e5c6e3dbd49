import Foundation

extension ClipFile.Adopted {
    /// Describes a file without a complete fragment: not playable, but with size and hash. The file is only read.
    public init(unplayable url: URL) throws {
        let (size, hash) = try ClipFile.digest(of: url)
        self.init(
            summary: .init(size: size, duration: .zero, sha256: hash), isComplete: false, tornBytes: 0,
            contentType: "video/mp4")
    }
}
