import Foundation
import GuardianCore

/// Where a clip's file is below a folder of clips: `<camera UUID>/<yyyy>/<mm>/<dd>/<clip UUID>.mp4`. The day is that of the
/// clip's start in UTC, which its UUIDv7 contains in milliseconds.
enum ClipPath {
    /// Added to a file's name while its deletion is being recorded.
    static let removing = ".removing"

    static func url(in folder: String, _ clip: ClipID, camera: CameraID) -> URL {
        let day = clip.time.rfc3339.prefix(10).replacing("-", with: "/")
        return URL(filePath: folder).appending(path: "\(camera)/\(day)/\(clip).mp4")
    }

    /// A clip's file that was found in a folder.
    struct Found {
        var clip: ClipID
        var camera: CameraID
        var url: URL
        /// Whether its deletion was being recorded.
        var isRemoving: Bool
    }

    /// Returns all clip files below a folder, also those in a folder of another day, one by one. Follows no symbolic links.
    static func files(in folder: String) -> some Sequence<Found> {
        let root = URL(filePath: folder)
        let length = root.standardizedFileURL.path.count
        let entries = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        return IteratorSequence(FileIterator(entries: entries, rootLength: length))
    }

    private struct FileIterator: IteratorProtocol {
        let entries: FileManager.DirectoryEnumerator?
        let rootLength: Int

        mutating func next() -> Found? {
            while let url = entries?.nextObject() as? URL {
                if let found = found(url) { return found }
            }
            return nil
        }

        private func found(_ url: URL) -> Found? {
            let components = url.standardizedFileURL.path.dropFirst(rootLength).split(separator: "/")
            guard components.count == 5, var name = components.last, let camera = CameraID(String(components[0])) else {
                return nil
            }
            let isRemoving = name.hasSuffix(ClipPath.removing)
            if isRemoving { name = name.dropLast(ClipPath.removing.count) }
            guard name.hasSuffix(".mp4"), let clip = ClipID(String(name.dropLast(4))), clip.time.isPlausible
            else { return nil }
            return Found(clip: clip, camera: camera, url: url, isRemoving: isRemoving)
        }
    }
}
