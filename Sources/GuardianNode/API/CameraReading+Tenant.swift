import GuardianCore
import GuardianHTTP
import GuardianIdentity

extension CameraReading {
    /// Shows the cameras of a tenant's edges, whose pictures pass through the node.
    init(_ scope: TenantScope, _ relay: NodeRelay) {
        let cameras = scope.tenant.cameras
        @Sendable func seen(by caller: Caller) -> [EdgeCameras.Camera] {
            cameras.all.filter { caller.principal.sees($0.report.id) }
        }
        @Sendable func camera(_ alias: CameraAlias, _ caller: Caller) throws -> EdgeCameras.Camera {
            let seen = seen(by: caller)
            guard let camera = seen.first(where: { $0.alias == alias || $0.report.id.description == alias.text }) else {
                throw CameraReading.missing(alias)
            }
            return camera
        }
        self.init(
            list: { seen(by: $0).map { CameraView($0) } }, camera: { CameraView(try camera($0, $1)) },
            picture: { alias, caller in
                let camera = try camera(alias, caller)
                return try await relay.picture(of: camera.report.id, at: camera.device, for: caller)
            },
            live: { alias, caller in
                let camera = try camera(alias, caller)
                return LiveCamera(alias: camera.alias) {
                    relay.live(camera.report.id, of: { cameras.device(of: camera.report.id) }, for: caller)
                }
            })
    }
}

extension CameraView {
    /// What a node shows of a camera: what its edge told last.
    init(_ camera: EdgeCameras.Camera) {
        let report = camera.report
        let isLost = camera.lostAt != nil
        self.init(
            id: camera.alias, cameraId: report.id, name: report.name, state: isLost ? .lost : report.state,
            since: camera.lostAt ?? report.since, fps: isLost ? 0 : report.fps,
            bitrate: isLost ? 0 : Double(report.bitrate), width: report.width, height: report.height,
            codec: report.codec, lastPacketAt: nil,
            lastFailure: isLost ? "Its recorder is not connected to the node." : nil, reconnects: 0,
            recording: !isLost && report.recording, person: !isLost && report.person,
            watch: isLost ? .unknown : report.watch)
    }
}
