import GuardianCore
import GuardianOperations
import ServiceLifecycle

/// Keeps the archive's gauges near the truth: how much room it takes, what it may take, and what was refused.
struct ArchiveMetrics: Service {
    let archive: TenantArchive
    let registry: MetricsRegistry
    /// Between two looks at the table.
    let interval: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var seen: Set<CameraID> = []
            while !Task.isCancelled {
                // A table that cannot be read now is named by those who need it.
                if let usage = try? await archive.ledger.usage() { seen = show(usage, seen) }
                try? await Task.sleep(for: interval)
            }
        }
    }

    /// - Parameter seen: the cameras that were shown before; one of which nothing is left is shown with nothing.
    private func show(_ usage: ArchiveUsage, _ seen: Set<CameraID>) -> Set<CameraID> {
        set("bytes", "Bytes that the archive holds, sealed, stored or on their way.", usage.all.bytes)
        set("objects", "Objects that the archive holds.", usage.all.objects)
        if let limit = usage.all.limit.bytes { set("limit_bytes", "Bytes that the archive may hold.", limit) }
        if let limit = usage.all.limit.objects { set("limit_objects", "Objects that the archive may hold.", limit) }
        set("held_bytes", "Bytes that no retention removes.", usage.held.bytes)
        set("refused_clips", "Clips for which there was no room.", usage.refused.clips)
        let cameras = seen.union(usage.cameras.keys)
        for camera in cameras {
            let (level, labels) = (usage.cameras[camera], ["camera": camera.description])
            set("camera_bytes", "Bytes that the archive holds of a camera.", level?.bytes ?? 0, labels)
            set("camera_objects", "Objects that the archive holds of a camera.", level?.objects ?? 0, labels)
        }
        return cameras
    }

    private func set(_ name: String, _ help: String, _ value: Int64, _ labels: [String: String] = [:]) {
        registry.gauge("guardian_archive_\(name)", help: help, labels: labels).set(Double(value))
    }
}
