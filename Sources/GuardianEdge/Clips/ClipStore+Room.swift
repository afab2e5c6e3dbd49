import Foundation
import GuardianCore
import ServiceLifecycle

extension ClipStore: Service {
    /// Keeps at least `keepFree` bytes free: checks the disk once a second. Ends when the task is cancelled or the process
    /// shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.guardDisk()
                try? await self.monotonic.sleep(for: .seconds(1))
            }
        }
        coverageContinuation.finish()
    }

    /// Makes room if needed, and records in coverage when recording has to pause or may resume.
    package func guardDisk() async {
        let isFull = await !makeRoom()
        guard full.exchange(isFull, ordering: .acquiringAndReleasing) != isFull else { return }
        let free = (try? diskSpace().free) ?? 0
        if isFull {
            logger.error(
                "disk full, recording paused", metadata: ["free": "\(free)", "keepFree": "\(keepFree)"])
        } else {
            logger.notice("disk has room again, recording resumed", metadata: ["free": "\(free)"])
        }
        let reason = isFull ? "Less than \(keepFree >> 20) MB are free and no old clip may be deleted. Make room." : nil
        coverageContinuation.yield(
            Coverage(change: isFull ? .diskFull : .diskBack, camera: nil, at: clock.now(), reason: reason))
    }

    /// Deletes old clips until the disk has room: delivered ones first, then the oldest first. Each gets its tombstone in the
    /// journal before its file is deleted.
    ///
    /// - Returns: whether there is room now.
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
                    // Fails with `failedPrecondition` if the clip was kept after the candidates were read.
                    do { try await retention.recordRemoval(candidate) } catch let error as GuardianError
                        where error.code == .failedPrecondition
                    { continue }
                    try remove(candidate)
                    isStuck = false
                }
                if isStuck { return hasRoom }
            } catch {
                logger.error("making room on the disk failed", metadata: ["reason": "\(error)"])
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
            "deleted an old clip to make room",
            metadata: ["clip": "\(candidate.clip)", "delivered": "\(candidate.isDelivered)"])
        // Removes the folders of days and months that are empty now; `rmdir` fails for others.
        var parent = url.deletingLastPathComponent()
        while parent.path.count > folder.count, rmdir(parent.path) == 0 { parent.deleteLastPathComponent() }
    }
}
