/// What an edge measures of itself. The raw values are the names in the API, on the wire and in databases; released ones never change.
public enum TelemetryMetric: String, CaseIterable, Hashable, Sendable {
    /// Always 1: that the edge ran.
    case edgeUp = "edge_up"
    /// Processor time in use, of all cores together.
    case cpu = "cpu_permille"
    /// The load average of one minute.
    case load = "load_thousandths"
    case memoryUsed = "memory_used_bytes"
    case memoryTotal = "memory_total_bytes"
    /// Memory of the edge's own process.
    case processMemory = "process_memory_bytes"
    /// The hottest sensor that the system has.
    case temperature = "temperature_millidegrees"
    /// All network interfaces but the loopback.
    case networkReceived = "network_received_bytes"
    case networkSent = "network_sent_bytes"
    /// The disk of the clips.
    case diskFree = "disk_free_bytes"
    case diskCapacity = "disk_capacity_bytes"
    case clipBytes = "clips_bytes"
    case clips = "clips"
    /// Journal entries that the node does not have yet.
    case outboxWaiting = "outbox_waiting"
    case outboxAge = "outbox_age_ms"
    /// Clips that are to be archived and are not being uploaded yet.
    case archiveWaiting = "archive_waiting_clips"
    /// The median time of one look of the AI service.
    case inferenceMedian = "inference_p50_microseconds"
    case inferenceSlowest = "inference_p99_microseconds"
    /// Problems that the owner is shown as errors.
    case errors = "problems_errors"
    case warnings = "problems_warnings"

    /// 1 while the camera sends video.
    case cameraLive = "camera_live"
    case cameraFrameRate = "camera_fps_thousandths"
    case cameraBitrate = "camera_bits_per_second"
    case cameraReconnects = "camera_reconnects"
    case cameraPacketsMissing = "camera_packets_missing"

    /// How values of one series are combined.
    public enum Kind: String, Hashable, Sendable {
        /// A state at the moment of the sample: its mean, lowest and highest have a meaning.
        case level
        /// How much something grew since the sample before: its sum has a meaning.
        case increase
    }

    public var kind: Kind {
        switch self {
        case .networkReceived, .networkSent, .cameraReconnects, .cameraPacketsMissing: .increase
        default: .level
        }
    }

    /// Whether each camera has a series of its own.
    public var isOfCamera: Bool {
        switch self {
        case .cameraLive, .cameraFrameRate, .cameraBitrate, .cameraReconnects, .cameraPacketsMissing: true
        default: false
        }
    }

    public enum Unit: String, Hashable, Sendable, CaseIterable {
        case count
        case permille
        case thousandths
        case bytes
        case milliseconds
        case microseconds
        case millidegrees
        case bitsPerSecond = "bits_per_second"
    }

    public var unit: Unit {
        switch self {
        case .cpu: .permille
        case .load, .cameraFrameRate: .thousandths
        case .memoryUsed, .memoryTotal, .processMemory, .networkReceived, .networkSent, .diskFree, .diskCapacity,
            .clipBytes:
            .bytes
        case .temperature: .millidegrees
        case .outboxAge: .milliseconds
        case .inferenceMedian, .inferenceSlowest: .microseconds
        case .cameraBitrate: .bitsPerSecond
        case .edgeUp, .clips, .outboxWaiting, .archiveWaiting, .errors, .warnings, .cameraLive, .cameraReconnects,
            .cameraPacketsMissing:
            .count
        }
    }
}
