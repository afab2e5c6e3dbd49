public import GuardianCore
import Hummingbird

extension Routes {
    /// Adds the routes of cameras, their current snapshots and live views.
    public mutating func addCameras(_ cameras: CameraReading, monotonic: any MonotonicClock = SystemMonotonicClock()) {
        get("/api/v1/cameras", needs: .may(.watchLive)) { web in
            try JSON.response(PageView(items: try await cameras.list(web.caller)))
        }
        get("/api/v1/cameras/{id}", needs: .may(.watchLive)) { web in
            try JSON.response(try await cameras.camera(web.cameraAlias(), web.caller))
        }
        get("/api/v1/cameras/{id}/snapshot.jpg", needs: .may(.watchLive)) { web in
            let picture = try await cameras.picture(web.cameraAlias(), web.caller)
            return Response(
                status: .ok, headers: [.contentType: "image/jpeg", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: picture)))
        }
        stream("/api/v1/cameras/{id}/live.mp4", needs: .may(.watchLive)) { web in
            try await LiveResponse.single(
                for: web, camera: try cameras.live(web.cameraAlias(), web.caller), monotonic: monotonic)
        }
        stream("/api/v1/live", needs: .may(.watchLive), query: ["cameras"]) { web in
            guard let list = web.query["cameras"], !list.isEmpty else {
                throw GuardianError(.invalidArgument, "Say which cameras, as in ?cameras=front,yard.")
            }
            let viewed = try Parameter.aliases(list, limit: LiveResponse.limit).map {
                try cameras.live($0, web.caller)
            }
            return LiveResponse.grid(for: web, cameras: viewed)
        }
    }
}
