import GuardianCore

extension Guardian_V1_ControlCameras {
    public init(_ reports: [CameraReport]) {
        self.init()
        cameras = reports.prefix(CameraReport.limit).map { Guardian_V1_ControlCamera($0) }
    }

    /// The cameras of an edge.
    ///
    /// - Throws: `invalidArgument` for what no edge sends.
    public func reports() throws -> [CameraReport] {
        guard cameras.count <= CameraReport.limit, Set(cameras.map(\.id)).count == cameras.count else {
            throw GuardianError(.invalidArgument, "An edge has too many cameras, or one twice.")
        }
        return try cameras.map { camera in
            guard let report = CameraReport(camera) else {
                throw GuardianError(.invalidArgument, "What the edge says of a camera cannot be read.")
            }
            return report
        }
    }
}

extension Guardian_V1_ControlCamera {
    fileprivate init(_ report: CameraReport) {
        self.init()
        id = report.id.description
        alias = report.alias.text
        name = PlainText.cut(report.name, bytes: CameraReport.nameBytes)
        state = report.state.rawValue
        watch = report.watch.rawValue
        since = report.since.milliseconds
        fps = report.fps
        bitrate = report.bitrate
        width = Int32(clamping: report.width ?? 0)
        height = Int32(clamping: report.height ?? 0)
        codec = PlainText.cut(report.codec ?? "", bytes: CameraReport.codecBytes)
        recording = report.recording
        person = report.person
    }
}

extension CameraReport {
    fileprivate static let nameBytes = 200
    fileprivate static let codecBytes = 64
    /// Pixels; more than any camera has.
    private static let side: ClosedRange<Int32> = 0...65_536
    private static let rates: ClosedRange<Double> = 0...10_000

    fileprivate init?(_ camera: Guardian_V1_ControlCamera) {
        guard let id = CameraID(camera.id), let alias = CameraAlias(camera.alias), !camera.name.isEmpty,
            let state = State(rawValue: camera.state), let watch = Watch(rawValue: camera.watch),
            let since = Timestamp(plausible: camera.since), Self.rates.contains(camera.fps),
            let bitrate = Plausible.count.checked(camera.bitrate), Self.side.contains(camera.width),
            Self.side.contains(camera.height)
        else { return nil }
        func known(_ side: Int32) -> Int? { side == 0 ? nil : Int(side) }
        self.init(
            id: id, alias: alias, name: PlainText.cut(camera.name, bytes: Self.nameBytes), state: state, watch: watch,
            since: since, fps: camera.fps, bitrate: bitrate, width: known(camera.width), height: known(camera.height),
            codec: camera.codec.isEmpty ? nil : PlainText.cut(camera.codec, bytes: Self.codecBytes),
            recording: camera.recording, person: camera.person)
    }
}
