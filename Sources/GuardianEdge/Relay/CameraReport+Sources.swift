import GuardianCore
import GuardianHTTP

extension EdgeSources {
    /// The cameras as the node is told of them. One whose view cannot be made now is left out until it can.
    func reports() async -> [CameraReport] {
        var reports: [CameraReport] = []
        for camera in cameras {
            if let view = try? await camera.view() { reports.append(CameraReport(view)) }
        }
        return reports
    }
}

extension CameraReport {
    /// Without what may name addresses of the house, such as why a camera was lost.
    init(_ view: CameraView) {
        self.init(
            id: view.cameraId, alias: view.id, name: view.name, state: view.state, watch: view.watch,
            since: view.since.time, fps: view.fps, bitrate: Int64(exactly: view.bitrate) ?? 0, width: view.width,
            height: view.height, codec: view.codec, recording: view.recording, person: view.person)
    }
}
