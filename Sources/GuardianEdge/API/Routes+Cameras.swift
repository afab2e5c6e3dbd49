import GuardianCore
import GuardianHTTP
import Hummingbird

extension Routes {
    /// Adds the routes of cameras, their current snapshots and live views.
    mutating func addCameras(_ sources: EdgeSources) {
        get("/api/v1/cameras", needs: .may(.watchLive)) { web in
            var views: [CameraView] = []
            for camera in sources.cameras where web.principal.sees(camera.id) {
                views.append(try await sources.view(of: camera, for: web.principal))
            }
            return try JSON.response(PageView(items: views))
        }
        get("/api/v1/cameras/{id}", needs: .may(.watchLive)) { web in
            let camera = try sources.camera(web.cameraAlias(), for: web.principal)
            return try JSON.response(try await sources.view(of: camera, for: web.principal))
        }
        get("/api/v1/cameras/{id}/snapshot.jpg", needs: .may(.watchLive)) { web in
            let picture = try await sources.camera(web.cameraAlias(), for: web.principal).snapshot()
            return Response(
                status: .ok, headers: [.contentType: "image/jpeg", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: picture)))
        }
        post("/api/v1/cameras/{id}/test", needs: .may(.manageCameras), kind: .expensive) { web in
            try JSON.response(try await sources.camera(web.cameraAlias(), for: web.principal).test())
        }
        stream("/api/v1/cameras/{id}/live.mp4", needs: .may(.watchLive)) { web in
            try await LiveResponse.single(
                for: web, camera: sources.camera(web.cameraAlias(), for: web.principal).viewer,
                monotonic: sources.monotonic)
        }
        stream("/api/v1/live", needs: .may(.watchLive), query: ["cameras"]) { web in
            guard let list = web.query["cameras"], !list.isEmpty else {
                throw GuardianError(.invalidArgument, "Say which cameras, as in ?cameras=front,yard.")
            }
            let cameras = try Parameter.aliases(list, limit: LiveResponse.limit).map {
                try sources.camera($0, for: web.principal)
            }
            return LiveResponse.grid(for: web, cameras: cameras.map(\.viewer))
        }
    }
}

extension CameraSource {
    fileprivate var viewer: LiveCamera { LiveCamera(alias: alias, records: live) }
}
