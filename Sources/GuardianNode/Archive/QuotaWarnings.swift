import GuardianCore
import Logging
import Synchronization

/// Says once that an archive fills up, and again only after there was room in between.
final class QuotaWarnings: Sendable {
    private let said = Mutex<Set<CameraID?>>([])

    func note(_ usage: ArchiveUsage, _ logger: Logger) {
        note(nil, usage.all, logger)
        for (camera, level) in usage.cameras { note(camera, level, logger) }
    }

    private func note(_ camera: CameraID?, _ level: ArchiveUsage.Level, _ logger: Logger) {
        let isNew = said.withLock { said in
            guard level.isNearlyFull else {
                said.remove(camera)
                return false
            }
            return said.insert(camera).inserted
        }
        guard isNew else { return }
        logger.warning(
            "the archive is nearly full: raise its quota or remove clips",
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
