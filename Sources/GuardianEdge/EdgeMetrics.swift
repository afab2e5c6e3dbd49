import GuardianJournal
import GuardianOperations

/// The edge's gauges, read from its components at each request for metrics.
package enum EdgeMetrics {
    package static func register(
        in metrics: MetricsRegistry, stations: [CameraStation], store: ClipStore, journal: Journal, link: InferenceLink,
        delivery: Delivery?, restarts: @escaping @Sendable () -> Int,
        components: @escaping @Sendable () -> [(name: String, state: SupervisedService.State)] = { [] }
    ) {
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
        if let delivery {
            let age = metrics.gauge(
                "guardian_delivery_age_seconds", help: "Since the node last acknowledged an entry or a connection.")
            metrics.beforeExposition { age.set(delivery.age / .seconds(1)) }
        }
        for station in stations { register(station, in: metrics) }
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

    private static func register(_ station: CameraStation, in metrics: MetricsRegistry) {
        let labels = ["camera": station.session.identity.alias.text]
        func gauge(_ name: String, _ help: String) -> Gauge { metrics.gauge(name, help: help, labels: labels) }
        let live = gauge("guardian_camera_live", "1 while the camera sends video.")
        let fps = gauge("guardian_camera_fps", "Frames per second.")
        let bitrate = gauge("guardian_camera_bits_per_second", "Bits per second.")
        let reconnects = gauge("guardian_camera_reconnects", "Connections after the first.")
        let missing = gauge("guardian_camera_packets_missing", "Video packets that were not received.")
        let recording = gauge("guardian_camera_recording", "1 while a clip is open.")
        let packet = gauge("guardian_camera_packet_age_seconds", "Since the last packet.")
        let look = gauge("guardian_camera_look_age_seconds", "Since the last look.")
        let events = gauge("guardian_camera_events_age_seconds", "Since the event pipeline last processed an input.")
        let write = gauge("guardian_camera_write_age_seconds", "Since bytes of a clip were last written.")
        metrics.beforeExposition {
            let health = station.session.health
            live.set(health.state == .live ? 1 : 0)
            fps.set(health.fps)
            bitrate.set(Double(health.bitrate))
            reconnects.set(Double(health.reconnects))
            missing.set(Double(health.missingPackets))
            recording.set(station.recorder.isRecording ? 1 : 0)
            let ages = station.ages()
            packet.set(ages.packet / .seconds(1))
            look.set(ages.look / .seconds(1))
            write.set(ages.write / .seconds(1))
            events.set(ages.events / .seconds(1))
        }
    }
}
