import GuardianCore
import Logging
import Synchronization

/// Logs once that an archive is nearly full, and again only after its usage has dropped in between.
final class QuotaWarnings: Sendable {
    private let warned = Mutex<Set<CameraID?>>([])

    func note(_ usage: ArchiveUsage, _ logger: Logger) {
        note(nil, usage.all, logger)
        for (camera, level) in usage.cameras { note(camera, level, logger) }
    }

    private func note(_ camera: CameraID?, _ level: ArchiveUsage.Level, _ logger: Logger) {
        let isNew = warned.withLock { warned in
            guard level.isNearlyFull else {
                warned.remove(camera)
                return false
            }
            return warned.insert(camera).inserted
        }
        guard isNew else { return }
        logger.warning(
            "archive is nearly full: raise its quota or remove clips",
            metadata: [
                "camera": "\(camera.map(\.description) ?? "all")", "bytes": "\(level.bytes)",
                "objects": "\(level.objects)",
            ])
    }
}

extension TenantArchive {
    func warnIfNearlyFull() async throws {
        guard ledger.quota.isLimited else { return }
        warnings.note(try await ledger.usage(), logger)
    }
}

extension ArchiveQuota {
    var isLimited: Bool { all != Limit() || camera != Limit() }
}
