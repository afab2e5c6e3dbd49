import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianOperations
import Synchronization

/// The edge's gauges, read from its components at each request for metrics.
package enum EdgeMetrics {
    package static func register(
        in metrics: MetricsRegistry, cameras: @escaping @Sendable () -> [CameraEntry], store: ClipStore,
        journal: Journal, link: InferenceLink, delivery: Delivery?, restarts: @escaping @Sendable () -> Int,
        components: @escaping @Sendable () -> [(name: String, state: SupervisedService.State)] = { [] },
        oldestClip: @escaping @Sendable () -> Timestamp? = { nil }, refusals: [RefusedSection] = [],
        certificates: @escaping @Sendable () -> [CertificateUse: Timestamp] = { [:] }
    ) {
        CertificateUse.register(in: metrics, certificates)
        for section in RefusedSection.Name.allCases {
            metrics.gauge(
                "guardian_configuration_refused",
                help: "1 while the edge runs without a section of its configuration, because something in it is wrong.",
                labels: ["section": section.rawValue]
            ).set(refusals.contains { $0.name == section } ? 1 : 0)
        }
        let free = metrics.gauge("guardian_disk_free_bytes", help: "Free bytes on the disk of the clips.")
        let away = metrics.gauge("guardian_clips_away", help: "1 while the clips' disk is away.")
        let full = metrics.gauge("guardian_disk_full", help: "1 while recording is paused because the disk is full.")
        let head = metrics.gauge("guardian_journal_sequence", help: "Sequence of the newest entry.")
        let restartCount = metrics.gauge("guardian_ai_restarts", help: "How often the AI service was restarted.")
        let up = metrics.gauge("guardian_ai_up", help: "1 while the AI service answers and has a model.")
        metrics.beforeExposition {
            free.set(Double((try? store.diskSpace().free) ?? 0))
            full.set(store.isFull ? 1 : 0)
            away.set(store.isPlacePresent ? 0 : 1)
            head.set(Double(journal.position))
            restartCount.set(Double(restarts()))
            up.set(link.health.state == .up ? 1 : 0)
        }
        func deleted(_ cause: String) -> Gauge {
            metrics.gauge(
                "guardian_clips_deleted", help: "Clips that this process deleted, to make room or for their age.",
                labels: ["cause": cause])
        }
        let (forAge, forRoom) = (deleted("age"), deleted("room"))
        let oldest = metrics.gauge(
            "guardian_clips_oldest_timestamp_seconds",
            help: "When the oldest clip began, in seconds since 1970; 0 while there is none.")
        metrics.beforeExposition {
            forAge.set(Double(store.deletedForAge.load(ordering: .relaxed)))
            forRoom.set(Double(store.deletedForRoom.load(ordering: .relaxed)))
            oldest.set(Double(oldestClip()?.milliseconds ?? 0) / 1_000)
        }
        if let delivery {
            let age = metrics.gauge(
                "guardian_delivery_age_seconds", help: "Since the node last acknowledged an entry or a connection.")
            metrics.beforeExposition { age.set(delivery.age / .seconds(1)) }
        }
        let shown = Mutex<Set<String>>([])
        metrics.beforeExposition {
            let entries = cameras()
            let aliases = Set(entries.map(\.record.alias.text))
            let gone = shown.withLock { shown in
                defer { shown = aliases }
                return shown.subtracting(aliases)
            }
            for alias in gone { metrics.remove(label: "camera", alias) }
            for entry in entries { set(entry, in: metrics) }
        }
        metrics.beforeExposition {
            for (name, state) in components() {
                let labels = ["component": name]
                metrics.gauge(
                    "guardian_component_up", help: "0 while a component has failed and is tried again.", labels: labels
                ).set(state.phase == .failing ? 0 : 1)
                metrics.gauge(
                    "guardian_component_failures", help: "How often a component has failed.", labels: labels
                ).set(Double(state.failures))
            }
        }
        metrics.append { link.health.exposition }
    }

    private static func set(_ entry: CameraEntry, in metrics: MetricsRegistry) {
        let labels = ["camera": entry.record.alias.text]
        func set(_ name: String, _ help: String, _ value: Double) {
            metrics.gauge(name, help: help, labels: labels).set(value)
        }
        set(
            "guardian_camera_paused", "1 while the owner has paused the camera.",
            entry.record.pausedSince == nil ? 0 : 1)
        let health = entry.running?.session.health
        set("guardian_camera_live", "1 while the camera sends video.", health?.state == .live ? 1 : 0)
        set("guardian_camera_fps", "Frames per second.", health?.fps ?? 0)
        set("guardian_camera_bits_per_second", "Bits per second.", Double(health?.bitrate ?? 0))
        set("guardian_camera_reconnects", "Connections after the first.", Double(health?.reconnects ?? 0))
        set(
            "guardian_camera_packets_missing", "Video packets that were not received.",
            Double(health?.missingPackets ?? 0))
        set("guardian_camera_recording", "1 while a clip is open.", entry.station?.recorder.isRecording == true ? 1 : 0)
        let ages = entry.running?.ages()
        set("guardian_camera_packet_age_seconds", "Since the last packet.", seconds(ages?.packet))
        set("guardian_camera_keyframe_age_seconds", "Since the last keyframe.", seconds(ages?.keyframe))
        set("guardian_camera_look_age_seconds", "Since the last look.", seconds(ages?.look))
        set(
            "guardian_camera_events_age_seconds", "Since the event pipeline last processed an input.",
            seconds(ages?.events))
        set("guardian_camera_write_age_seconds", "Since bytes of a clip were last written.", seconds(ages?.write))
    }

    /// Of a camera that does not run nothing gets older.
    private static func seconds(_ age: Duration?) -> Double { (age ?? .zero) / .seconds(1) }
}
