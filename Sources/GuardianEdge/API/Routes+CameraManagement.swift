import GuardianCore
import GuardianHTTP
import GuardianIdentity
import HTTPTypes
import Hummingbird

extension Routes {
    /// Records in the audit log what somebody did with a camera; `nil` for cameras that are not saved.
    typealias CameraAudit =
        @Sendable (AuditAction, _ by: Caller, _ camera: CameraID?, _ details: [String: String]) async throws -> Void

    /// Adds the routes that add, change, remove and test cameras.
    ///
    /// - Parameter audit: `nil` where nobody logs in.
    mutating func addCameraManagement(_ sources: EdgeSources, audit: CameraAudit?) {
        post("/api/v1/cameras", needs: .mayForAllCameras(.manageCameras)) { web in
            let form = try await web.body(as: NewCameraBody.self).form
            let entry = try await sources.management().add(form) { camera, alias, _ in
                try await audit?(.cameraAdded, web.caller, camera, ["id": alias.text])
            }
            return try JSON.response(entry.viewWithSettings, status: .created)
        }
        put("/api/v1/cameras/{id}", needs: .may(.manageCameras)) { web in
            let camera = try sources.camera(web.cameraAlias(), for: web.principal)
            let form = try await web.body(as: CameraChangeBody.self).form
            let (entry, _) = try await sources.management().change(camera.alias, form) { camera, alias, changed in
                try await audit?(
                    .cameraChanged, web.caller, camera,
                    ["id": alias.text, "changed": changed.joined(separator: ", ")])
            }
            return try JSON.response(entry.viewWithSettings)
        }
        delete("/api/v1/cameras/{id}", needs: .may(.manageCameras)) { web in
            let camera = try sources.camera(web.cameraAlias(), for: web.principal)
            try await sources.management().remove(camera.alias) { camera, alias, _ in
                try await audit?(.cameraRemoved, web.caller, camera, ["id": alias.text])
            }
            return Response(status: .noContent)
        }
        // Not below /cameras: a camera may be called “test”.
        post("/api/v1/camera-tests", needs: .mayForAllCameras(.manageCameras), kind: .expensive) { web in
            let form = try await web.body(as: NewCameraBody.self).form
            return try JSON.response(try await sources.management().test(form))
        }
    }
}

extension EdgeSources {
    /// - Throws: `unavailable` where the cameras are fixed.
    fileprivate func management() throws -> CameraRegistry {
        guard let registry else {
            throw GuardianError(.unavailable, "The cameras cannot be changed here; try again in a moment.")
        }
        return registry
    }

    /// Returns a camera's view for somebody: with its settings, if they may manage cameras.
    func view(of camera: CameraSource, for principal: Principal) async throws -> CameraView {
        var view = try await camera.view()
        if principal.can(.manageCameras), let entry = try? registry?.entry(camera.alias) {
            view.settings = CameraView.Settings(entry.record)
        }
        return view
    }
}
