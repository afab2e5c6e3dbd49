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
        // Making room and age may find the same clip.
        guard removing.withLock({ $0.insert(candidate.clip).inserted }) else { return .skipped }
        defer { _ = removing.withLock { $0.remove(candidate.clip) } }
        let url = url(of: candidate.clip, camera: candidate.camera)
        let renamed = URL(filePath: url.path + ClipPath.removing)
        guard setAside(url, as: renamed, candidate.clip) else { return .skipped }
        guard self.url(of: candidate.clip, camera: candidate.camera) == url else {
            // It moved to another place meanwhile.
            _ = rename(renamed.path, url.path)
            return .skipped
        }
        do { try await retention.recordRemoval(candidate) } catch {
            _ = rename(renamed.path, url.path)
            // The clip was kept after the candidates were read.
            if let error = error as? GuardianError, error.code == .failedPrecondition { return .skipped }
            throw error
        }
        if unlink(renamed.path) != 0, errno != ENOENT {
            // The next reconciliation deletes it.
            logger.error(
                "clip file cannot be deleted",
                metadata: ["clip": "\(candidate.clip)", "reason": "\(String(cString: strerror(errno)))"])
        }
        emergency?.remove(candidate.clip)
        note(candidate)
        removeEmptyFolders(above: url, in: folder)
        return .removed
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
        guard lstat(url.path, &status) == 0 else { return errno == ENOENT && isGone(url, clip) }
        guard status.st_mode & S_IFMT == S_IFREG else { return refuse(clip, "It is not a file.") }
        guard rename(url.path, renamed.path) == 0 else {
            return errno == ENOENT ? isGone(url, clip) : refuse(clip, String(cString: strerror(errno)))
        }
        return true
    }

    /// Whether a file that was not found is gone. It is not if its disk went away: that is checked before and after another look, since
    /// the disk may have come back in between.
    private func isGone(_ url: URL, _ clip: ClipID) -> Bool {
        var status = stat()
        return isReachable(clip) && lstat(url.path, &status) != 0 && errno == ENOENT && isReachable(clip)
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
