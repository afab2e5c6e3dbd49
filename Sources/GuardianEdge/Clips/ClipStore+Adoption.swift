import Crypto
import Foundation
import GuardianCore
import GuardianMedia

extension ClipStore {
    /// Adopts the clip files that a crash left behind: those that the journal does not know, or knows as open. Each is indexed
    /// and hashed, and returned as an `interrupted` clip, or a `complete` one if only the journal's entry was missing. Call at
    /// start, before recording begins. Blocks while it reads those files.
    ///
    /// - Parameter known: returns the journal's clip; `nil` when the journal does not know it.
    /// - Throws: what `known` throws. A file that cannot be read is skipped and logged.
    public func adopt(known: (ClipID) async throws -> Clip?) async throws -> [Clip] {
        var adopted: [Clip] = []
        for (id, camera, url) in files() {
            let before = try await known(id)
            guard before == nil || before?.state == .recording else { continue }
            do {
                let clip = try adopt(url, id, camera, before)
                logger.notice(
                    "adopted a clip after an unclean end",
                    metadata: ["clip": "\(id)", "state": "\(clip.state.rawValue)", "duration": "\(clip.duration)"])
                adopted.append(clip)
            } catch {
                logger.error("clip file cannot be read", metadata: ["clip": "\(id)", "reason": "\(error)"])
            }
        }
        return adopted.sorted { $0.id < $1.id }
    }

    private func adopt(_ url: URL, _ id: ClipID, _ camera: CameraID, _ before: Clip?) throws -> Clip {
        let found: ClipFile.Adopted
        do {
            found = try ClipFile.adopt(url)
        } catch let error as GuardianError where error.code == .dataLoss {
            // The crash came before the first fragment was complete: nothing can be played, but the file stays.
            found = try ClipFile.Adopted(unplayable: url)
        }
        return Clip(
            id: id, camera: camera, state: found.isComplete ? .complete : .interrupted,
            startedAt: before?.startedAt ?? id.time, duration: found.summary.duration, size: found.summary.size,
            sha256: found.summary.sha256, contentType: before?.contentType ?? found.contentType,
            missingPackets: before?.missingPackets ?? 0)
    }

    /// Returns all clip files, also those in a folder of another day.
    private func files() -> [(ClipID, CameraID, URL)] {
        let root = URL(filePath: folder)
        guard let entries = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else { return [] }
        var found: [(ClipID, CameraID, URL)] = []
        for case let url as URL in entries where url.pathExtension == "mp4" {
            let components = url.standardizedFileURL.path.dropFirst(root.standardizedFileURL.path.count).split(
                separator: "/")
            guard components.count == 5, let camera = CameraID(String(components[0])),
                let clip = ClipID(url.deletingPathExtension().lastPathComponent), clip.time.isPlausible
            else { continue }
            found.append((clip, camera, url))
        }
        return found
    }
}
