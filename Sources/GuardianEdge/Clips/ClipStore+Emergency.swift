import Foundation
import GuardianCore
import GuardianOperations
import GuardianStorage

extension ClipStore {
    /// Whether a clip without an event may begin: on its own disk always, in the emergency folder only within their share.
    var takesContinuousClips: Bool { isPlacePresent || emergency?.hasRoomForContinuousClips ?? false }

    /// Moves the clips that were recorded while the clips' disk was away to that disk, one by one, each by a copy that is on
    /// the disk before the original is deleted. Clips that are open in the journal stay. Blocks while it copies.
    package func returnEmergencyClips(isOpen: (ClipID) async throws -> Bool) async throws {
        guard let emergency, isPlacePresent else { return }
        for (clip, camera) in emergency.clips where isPlacePresent {
            guard try await !isOpen(clip) else { continue }
            guard await makeRoom() else { return }
            // Its deletion goes on, or is finished by the time of the next call.
            guard claim(clip) else { continue }
            defer { release(clip) }
            let (source, target) = (
                emergency.url(of: clip, camera: camera), ClipPath.url(in: folder, clip, camera: camera)
            )
            do {
                try move(source, to: target) { emergency.remove(clip) }
                removeEmptyFolders(above: source, in: emergency.folder)
                logger.notice("moved a clip back to the clips' disk", metadata: ["clip": "\(clip)"])
            } catch {
                logger.error(
                    "moving a clip back to the clips' disk failed", metadata: ["clip": "\(clip)", "reason": "\(error)"])
                return
            }
        }
    }

    /// - Parameter moved: called when the copy is the clip's file, before the original is deleted.
    /// - Throws: `unavailable` when the clips' disk went away meanwhile; then the original is as it was.
    private func move(_ source: URL, to target: URL, moved: () -> Void) throws {
        let files = FileManager.default
        try files.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        let copy = target.appendingPathExtension("copy")
        unlink(copy.path)
        do {
            try files.copyItem(at: source, to: copy)
            let file = try FileHandle(forUpdating: copy)
            try file.synchronize()
            try file.close()
            guard rename(copy.path, target.path) == 0 else {
                throw GuardianError(
                    .unavailable, "\(target.path) cannot be written: \(String(cString: strerror(errno))).")
            }
        } catch {
            unlink(copy.path)
            throw error
        }
        var named = target
        while named.path.count > folder.count {
            Durability.syncFolder(of: named.path)
            named.deleteLastPathComponent()
        }
        // What was copied below the mount point of a disk that is away would be hidden once the disk is back.
        guard holds(target.path) else {
            unlink(target.path)
            throw GuardianError(.unavailable, "The clips' disk went away.")
        }
        moved()
        unlink(source.path)
    }
}
