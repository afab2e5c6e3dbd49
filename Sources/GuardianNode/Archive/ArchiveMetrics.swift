import GuardianCore
import GuardianOperations
import ServiceLifecycle

/// Updates the archive's gauges periodically: usage, quota and refused clips.
struct ArchiveMetrics: Service {
    let archive: TenantArchive
    let registry: MetricsRegistry
    /// Time between two updates.
    let interval: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var cameras: Set<CameraID> = []
            while !Task.isCancelled {
                // A failure is ignored here: the services that need the table report it.
                set(
                    "problems", "Reasons why the archive does not do all its work, such as a disk that is not mounted.",
                    Int64(await archive.problems().count))
                if let usage = try? await archive.ledger.usage() { cameras = update(usage, cameras) }
                try? await archive.monotonic.sleep(for: interval)
            }
        }
    }

    /// Sets all gauges.
    ///
    /// - Parameter known: the cameras that have gauges; one without parts keeps its gauges, at 0.
    /// - Returns: the cameras that have gauges now.
    private func update(_ usage: ArchiveUsage, _ known: Set<CameraID>) -> Set<CameraID> {
        set("bytes", "Bytes that the archive holds, including parts that are being received.", usage.all.bytes)
        set("objects", "Objects that the archive holds.", usage.all.objects)
        if let limit = usage.all.limit.bytes { set("limit_bytes", "Bytes that the archive may hold.", limit) }
        if let limit = usage.all.limit.objects { set("limit_objects", "Objects that the archive may hold.", limit) }
        set("held_bytes", "Bytes of clips on hold.", usage.held.bytes)
        set("refused_clips", "Clips for which there was no room.", usage.refused.clips)
        let cameras = known.union(usage.cameras.keys)
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
