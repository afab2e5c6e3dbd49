import Foundation
import GuardianCore
import ServiceLifecycle

extension ClipStore: Service {
    /// Checks the clips' disk once a second: keeps at least `keepFree` bytes free, and notices when it is away. Ends when the
    /// task is cancelled or the process shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.guardDisk()
                try? await self.monotonic.sleep(for: .seconds(1))
            }
        }
        coverageContinuation.finish()
    }

    /// Checks the place, makes room if needed, and records in coverage when recording has to pause or may resume.
    package func guardDisk() async {
        await checkPlace()
        let isFull = isPlacePresent ? await !makeRoom() : !(emergency?.hasRoom ?? false)
        guard full.exchange(isFull, ordering: .acquiringAndReleasing) != isFull else { return }
        let free = (try? diskSpace().free) ?? 0
        if isFull {
            logger.error(
                "no room for clips, recording paused", metadata: ["free": "\(free)", "keepFree": "\(keepFree)"])
        } else {
            logger.notice("room for clips again, recording resumed", metadata: ["free": "\(free)"])
        }
        coverageContinuation.yield(
            Coverage(
                change: isFull ? .diskFull : .diskBack, camera: nil, at: clock.now(),
                reason: isFull ? reasonForPause : nil))
    }

    private var reasonForPause: String {
        guard let reason = awayReason else {
            return "Less than \(keepFree >> 20) MB are free and no old clip may be deleted. Make room."
        }
        return "\(reason) The emergency folder is full."
    }

    /// Deletes old clips until the disk has room: surplus ones first, then delivered ones, each the oldest first. Deletes
    /// nothing while the disk is away or its free space is unknown.
    ///
    /// - Returns: whether there is room now.
    @discardableResult
    public func makeRoom() async -> Bool {
        while !hasRoom {
            guard isPlacePresent else { return false }
            let retention = self.retention.withLock { $0 }
            let (open, stuck) = (openClips, undeletable.withLock { $0 })
            do {
                let candidates = try await retention.candidates(16 + stuck.count).filter {
                    !open.contains($0.clip) && !stuck.contains($0.clip)
                }
                guard !candidates.isEmpty else { return false }
                let (surplus, others) = (candidates.filter(\.isSurplus), candidates.filter { !$0.isSurplus })
                let ordered = surplus + others.filter(\.isDelivered) + others.filter { !$0.isDelivered }
                var isStuck = true
                for candidate in ordered where !hasRoom {
                    if try await remove(candidate, retention) == .removed { isStuck = false }
                }
                if isStuck { return hasRoom }
            } catch {
                // A full disk can refuse the tombstone that would make room on it.
                if (error as? GuardianError)?.code == .resourceExhausted, reserve?.release() == true { continue }
                logger.error("making room on the disk failed", metadata: ["reason": "\(error)"])
                return false
            }
        }
        reserve?.restore(keepFree: keepFree)
        return true
    }
}
