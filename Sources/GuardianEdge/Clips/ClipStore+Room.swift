import Foundation
import GuardianCore
import ServiceLifecycle

extension ClipStore: Service {
    /// Keeps the disk above its floor: looks once a second, and at once when a write failed. Ends when the task is
    /// cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.guardDisk()
                try? await Task.sleep(for: .seconds(1))
            }
        }
        coverageContinuation.finish()
    }

    /// One look: makes room where there is none, and tells when recording has to pause or may go on.
    func guardDisk() async {
        let isFull = await !makeRoom()
        guard full.exchange(isFull, ordering: .acquiringAndReleasing) != isFull else { return }
        let free = (try? diskSpace().free) ?? 0
        if isFull {
            logger.error(
                "the disk is full: recording pauses", metadata: ["free": "\(free)", "keepFree": "\(keepFree)"])
        } else {
            logger.notice("the disk has room again: recording goes on", metadata: ["free": "\(free)"])
        }
        let reason = isFull ? "Less than \(keepFree >> 20) MB are free and no old clip may go. Make room." : nil
        coverageContinuation.yield(
            Coverage(change: isFull ? .diskFull : .diskBack, camera: nil, at: clock.now(), reason: reason))
    }

    /// Deletes old clips until the disk has room again: delivered ones first, the oldest first, each with its entry in
    /// the journal before it goes. Answers whether there is room now.
    @discardableResult
    public func makeRoom() async -> Bool {
        while !hasRoom {
            let retention = self.retention.withLock { $0 }
            let open = openClips
            do {
                let candidates = try await retention.candidates(16).filter { !open.contains($0.clip) }
                guard !candidates.isEmpty else { return false }
                let ordered = candidates.filter(\.isDelivered) + candidates.filter { !$0.isDelivered }
                var isStuck = true
                for candidate in ordered where !hasRoom {
                    // Somebody kept it a moment ago.
                    do { try await retention.recordRemoval(candidate) } catch let error as GuardianError
                        where error.code == .failedPrecondition
                    { continue }
                    try remove(candidate)
                    isStuck = false
                }
                if isStuck { return hasRoom }
            } catch {
                logger.error("no room could be made on the disk", metadata: ["reason": "\(error)"])
                return false
            }
        }
        return true
    }

    private func remove(_ candidate: ClipRetention.Candidate) throws {
        let url = url(of: candidate.clip, camera: candidate.camera)
        guard unlink(url.path) == 0 || errno == ENOENT else {
            throw GuardianError(
                .permissionDenied, "\(url.path) cannot be deleted: \(String(cString: strerror(errno))).")
        }
        logger.notice(
            "an old clip was deleted to make room",
            metadata: ["clip": "\(candidate.clip)", "delivered": "\(candidate.isDelivered)"])
        // Days and months without clips go too; a folder that holds anything refuses.
        var parent = url.deletingLastPathComponent()
        while parent.path.count > folder.count, rmdir(parent.path) == 0 { parent.deleteLastPathComponent() }
    }
}
