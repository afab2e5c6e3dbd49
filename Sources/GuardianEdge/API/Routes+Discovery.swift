import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianONVIF
import Hummingbird

extension Routes {
    /// Adds the route that finds cameras and asks them for their streams.
    ///
    /// - Parameter audit: `nil` where nobody logs in.
    mutating func addDiscovery(_ sources: EdgeSources, audit: CameraAudit?) {
        post("/api/v1/cameras/discover", needs: .mayForAllCameras(.manageCameras), kind: .expensive) { web in
            let inquiry = try await web.body(as: DiscoveryBody.self).inquiry()
            guard let finder = sources.finder else {
                throw GuardianError(.unavailable, "Cameras cannot be searched for here; try again in a moment.")
            }
            let found = try await finder.answer(inquiry) {
                // Before the login is sent: what cannot be recorded is not tried.
                if let details = inquiry.loginDetails { try await audit?(.cameraLoginTried, web.caller, nil, details) }
            }
            return try JSON.response(FoundCamerasView(items: found))
        }
    }
}

extension CameraInquiry {
    /// What the audit log says of a login that is tried, without name and password; `nil` when none is.
    fileprivate var loginDetails: [String: String]? {
        switch self {
        case .search, .streams(_, nil): nil
        case .streams(let addresses, _?): Self.details(addresses)
        case .trial(let password, let addresses, _):
            Self.details(addresses).merging(["maker": password.maker]) { first, _ in first }
        }
    }

    /// The first few addresses tell which network it was.
    private static func details(_ addresses: [CameraAddress]) -> [String: String] {
        ["cameras": "\(addresses.count)", "addresses": addresses.prefix(8).map(\.description).joined(separator: ", ")]
    }
}
