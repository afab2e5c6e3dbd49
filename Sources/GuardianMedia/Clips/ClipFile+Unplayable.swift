import Foundation

extension ClipFile.Adopted {
    /// A file without one whole fragment: nothing to play, but its bytes and their hash are known. It is only read.
    public init(unplayable url: URL) throws {
        let (size, hash) = try ClipFile.digest(of: url)
        self.init(
            summary: .init(size: size, duration: 0, sha256: hash), isComplete: false, tornBytes: 0,
            contentType: "video/mp4")
    }
}
