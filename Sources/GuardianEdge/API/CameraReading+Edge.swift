import GuardianCore
import GuardianHTTP
import Hummingbird

extension CameraReading {
    init(_ sources: EdgeSources) {
        self.init(
            list: { caller in
                var views: [CameraView] = []
                for camera in sources.cameras where caller.principal.sees(camera.id) {
                    views.append(try await sources.view(of: camera, for: caller.principal))
                }
                return views
            },
            camera: { alias, caller in
                try await sources.view(of: try sources.camera(alias, for: caller.principal), for: caller.principal)
            }, picture: { try await sources.camera($0, for: $1.principal).snapshot() },
            live: { alias, caller in
                let camera = try sources.camera(alias, for: caller.principal)
                return LiveCamera(alias: camera.alias, records: camera.live)
            })
    }
}

extension Routes {
    /// Adds the route that tests a camera.
    mutating func addCameraTests(_ sources: EdgeSources) {
        post("/api/v1/cameras/{id}/test", needs: .may(.manageCameras), kind: .expensive) { web in
            try JSON.response(try await sources.camera(web.cameraAlias(), for: web.principal).test())
        }
    }
}
