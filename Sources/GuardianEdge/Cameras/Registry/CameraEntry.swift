import GuardianCore
import GuardianHTTP

/// One camera of the settings as it is now: its record, and its station while one runs.
package struct CameraEntry: Sendable {
    package let record: CameraRecord
    /// `nil` while the camera is paused, and between two stations.
    package let station: CameraStation?
    /// Why its station does not run.
    let failure: String?
    private let startedAt: Timestamp
    private let unit: CameraUnit?
    private let rules: CameraAddressRules

    init(_ record: CameraRecord, _ unit: CameraUnit, rules: CameraAddressRules) {
        self.record = record
        self.rules = rules
        station = unit.station
        failure = unit.failure
        startedAt = unit.startedAt
        self.unit = unit
    }

    /// A camera whose station somebody else runs.
    package init(_ station: CameraStation, startedAt: Timestamp) {
        record = station.record
        self.station = station
        rules = station.rules
        self.startedAt = startedAt
        failure = nil
        unit = nil
    }

    /// Its station, unless that is only ending because the camera is paused.
    package var running: CameraStation? { record.pausedSince == nil ? station : nil }

    package var view: CameraView {
        if let since = record.pausedSince { return CameraView(record.identity, .paused, since: since) }
        guard failure == nil, let station else {
            return CameraView(
                record.identity, failure == nil ? .connecting : .lost, since: startedAt, lastFailure: failure)
        }
        return CameraView(record.identity, health: station.session.health, activity: station.activity)
    }

    /// The view with the settings, for whoever may change them.
    var viewWithSettings: CameraView {
        var view = view
        view.settings = CameraView.Settings(record)
        return view
    }

    /// The camera for the API.
    package var source: CameraSource {
        CameraSource(
            id: record.id, alias: record.alias, view: { view }, snapshot: { try await require().snapshot() },
            live: {
                guard let unit else { return CameraSource.records(of: try require().session) }
                return unit.live()
            },
            test: {
                try await (unit?.test ?? CameraTestRunner()).run(
                    CameraSettings(record.camera, rules: rules), of: record.alias.text)
            })
    }

    /// - Throws: `unavailable` without a station.
    private func require() throws -> CameraStation {
        guard let running else {
            throw GuardianError(
                .unavailable,
                record.pausedSince == nil
                    ? "\(record.camera.name) is just being connected; try again in a moment."
                    : "\(record.camera.name) is paused; resume it first.")
        }
        return running
    }
}

extension CameraView {
    /// A camera that has no station.
    init(_ identity: CameraIdentity, _ state: State, since: Timestamp, lastFailure: String? = nil) {
        self.init(
            id: identity.alias, cameraId: identity.id, name: identity.name, state: state, since: since, fps: 0,
            bitrate: 0, width: nil, height: nil, codec: nil, lastPacketAt: nil, lastFailure: lastFailure,
            reconnects: 0, recording: false, person: false, watch: .unknown)
    }
}

extension CameraView.Settings {
    init(_ record: CameraRecord) {
        self.init(
            source: CameraChecks.withoutSecrets(record.camera.source.reveal()),
            detect: record.camera.detect.map { CameraChecks.withoutSecrets($0.reveal()) },
            transport: record.camera.transport.rawValue, audio: record.camera.audio,
            hasPassword: record.hasPassword, imported: record.isImported)
    }
}

extension CameraSettings {
    /// - Parameters:
    ///   - rules: say where its addresses may lead when they are connected to.
    ///   - preRoll: seconds of packets that a clip may need from before its event; read at each use.
    package init(
        _ camera: CameraConfiguration, rules: CameraAddressRules,
        preRoll: @escaping @autoclosure @Sendable () -> Int = RecordingLimits.preRoll.usual
    ) {
        self.init(
            source: camera.source, detect: camera.detect, transport: camera.transport == .udp ? .udp : .tcp,
            audio: camera.audio, reach: { rules.reach(of: $0) }, preRoll: preRoll())
    }
}
