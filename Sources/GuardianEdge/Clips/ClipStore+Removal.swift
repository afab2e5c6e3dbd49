import Foundation
import GuardianCore
import Logging
import Synchronization

/// Deleting a clip's file takes three steps, so that a crash at any point ends with the file gone and its tombstone in the
/// journal, or with neither: the file gets another name, the journal gets the tombstone, the file is deleted.
extension ClipStore {
    enum Removal {
        case removed
        /// The clip was kept or deleted meanwhile, or its file cannot be deleted.
        case skipped
    }

    /// Deletes the file of one clip and records it.
    ///
    /// - Throws: what recording the removal throws, but `failedPrecondition`; then the file is as it was.
    func remove(_ candidate: ClipRetention.Candidate, _ retention: ClipRetention) async throws -> Removal {
        // Making room and age may find the same clip, or it is moving back to the clips' disk.
        guard claim(candidate.clip) else { return .skipped }
        defer { release(candidate.clip) }
        let url = url(of: candidate.clip, camera: candidate.camera)
        let renamed = URL(filePath: url.path + ClipPath.removing)
        guard setAside(url, as: renamed, candidate.clip) else { return .skipped }
        do { try await retention.recordRemoval(candidate) } catch {
            // Nothing says that the clip is deleted: its file gets its name back.
            attempt(renamed, candidate.clip) { rename($0, url.path) }
            // The clip was kept after the candidates were read.
            if let error = error as? GuardianError, error.code == .failedPrecondition { return .skipped }
            throw error
        }
        attempt(renamed, candidate.clip) { unlink($0) }
        emergency?.remove(candidate.clip)
        note(candidate)
        removeEmptyFolders(above: url, in: folder)
        return .removed
    }

    /// Takes the last step of a deletion, or undoes the first one. If that fails, reconciliation does it: now, or once the clips' disk
    /// is back if that has gone away.
    ///
    /// - Parameters:
    ///   - renamed: the file by the name that it has meanwhile; if it is gone, nothing is left to do.
    ///   - step: returns what the system call does.
    private func attempt(_ renamed: URL, _ clip: ClipID, _ step: (_ path: String) -> Int32) {
        guard step(renamed.path) != 0 else { return }
        let reason = String(cString: strerror(errno))
        guard !isGone(clip, renamed.path) else { return }
        logger.error("clip file cannot be deleted", metadata: ["clip": "\(clip)", "reason": "\(reason)"])
        if !isReachable(clip) { noteAway() }
        abandon(clip)
    }

    private func note(_ deleted: ClipRetention.Candidate) {
        let metadata: Logger.Metadata = ["clip": "\(deleted.clip)", "delivered": "\(deleted.isDelivered)"]
        if deleted.isAged {
            deletedForAge.add(1, ordering: .relaxed)
            logger.notice("deleted a clip for its age", metadata: metadata)
        } else {
            deletedForRoom.add(1, ordering: .relaxed)
            logger.notice("deleted an old clip to make room", metadata: metadata)
        }
    }

    /// Renames the file. A file that is gone already needs no renaming.
    ///
    /// - Returns: whether its clip may be declared deleted.
    private func setAside(_ url: URL, as renamed: URL, _ clip: ClipID) -> Bool {
        var status = stat()
        guard lstat(url.path, &status) == 0 else { return errno == ENOENT && isGone(clip, url.path) }
        guard status.st_mode & S_IFMT == S_IFREG else { return refuse(clip, "It is not a file.") }
        guard rename(url.path, renamed.path) == 0 else {
            return errno == ENOENT ? isGone(clip, url.path) : refuse(clip, String(cString: strerror(errno)))
        }
        return true
    }

    /// Notes that a clip's file cannot be deleted, so that the clips after it are tried.
    private func refuse(_ clip: ClipID, _ reason: String) -> Bool {
        let isNew = undeletable.withLock { clips in
            guard clips.count < Self.undeletableLimit else { return false }
            return clips.insert(clip).inserted
        }
        if isNew {
            logger.error("clip file cannot be deleted", metadata: ["clip": "\(clip)", "reason": "\(reason)"])
        }
        return false
    }

    /// Removes the folders of days and months that are empty now; `rmdir` fails for others.
    func removeEmptyFolders(above url: URL, in root: String) {
        var parent = url.deletingLastPathComponent()
        while parent.path.count > root.count, rmdir(parent.path) == 0 { parent.deleteLastPathComponent() }
    }
}
