import GuardianCore
import GuardianONVIF

/// A camera that the search found, as the command prints it.
struct FoundCameraView: Encodable {
    var address: String
    var url: String
    var name: String?
    var hardware: String?
    var location: String?
    var maker: String?
    /// The host that the camera gave, when that is not where its answer came from.
    var claimedHost: String?
    var isPermitted: Bool

    init(_ camera: FoundCamera) {
        address = camera.address.description
        url = camera.address.url
        name = camera.name
        hardware = camera.hardware
        location = camera.location
        maker = camera.maker
        claimedHost = camera.claimedHost
        isPermitted = camera.isPermitted
    }

    var line: String {
        let texts = [maker, name, hardware, location].compactMap { $0 }
        return texts.isEmpty ? address : "\(address)  \(texts.joined(separator: " · "))"
    }

    var note: String? {
        if !isPermitted { return "\(address) is an address of this machine or of a link only, and is not asked." }
        return claimedHost.map { "\(address) says that it is \($0); what counts is where its answer came from." }
    }
}

/// What one camera says about itself and its streams. Without the serial number: output of commands is pasted into reports.
struct AskedCameraView: Encodable {
    struct Stream: Encodable {
        var codec: String
        var width: Int
        var height: Int
        var uri: String
        var claimedHost: String?
        /// Whether the camera puts a password into the address; it is shown as `…`.
        var holdsPassword: Bool

        init(_ stream: CameraStreams.Stream) {
            codec = stream.profile.codec == .h265 ? "H.265" : "H.264"
            width = stream.profile.width
            height = stream.profile.height
            uri = stream.address.text
            claimedHost = stream.address.claimedHost
            holdsPassword = stream.address.complete.reveal() != stream.address.text
        }

        var line: String { "\(codec) \(width)×\(height)  \(uri)" }
    }

    struct Lens: Encodable {
        var main: Stream
        var detection: Stream?
        var snapshot: String?
    }

    var maker: String
    var model: String
    var firmware: String
    /// How many seconds its clock is ahead of this machine's.
    var clockAhead: Int64?
    var items: [Lens]

    init(_ information: CameraInformation, _ clock: CameraClock?, _ streams: [CameraStreams]) {
        maker = information.maker
        model = information.model
        firmware = information.firmware
        clockAhead = clock.map { $0.ahead / 1000 }
        items = streams.map { lens in
            Lens(main: Stream(lens.main), detection: lens.detection.map(Stream.init), snapshot: lens.snapshot?.text)
        }
    }

    var lines: [String] {
        var lines = ["\(maker) \(model), firmware \(firmware)"]
        if let clockAhead, clockAhead.magnitude > 5 {
            lines.append("clock: \(clockAhead.magnitude) s \(clockAhead < 0 ? "slow" : "fast")")
        }
        for lens in items {
            lines.append("main: \(lens.main.line)")
            if let detection = lens.detection { lines.append("detection: \(detection.line)") }
            if let snapshot = lens.snapshot { lines.append("snapshot: \(snapshot)") }
        }
        if items.isEmpty { lines.append("no stream in H.264 or H.265: turn one on in the camera's settings") }
        return lines
    }
}
