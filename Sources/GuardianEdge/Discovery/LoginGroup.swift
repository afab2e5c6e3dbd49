import GuardianCore
import GuardianHTTP

/// Found cameras that one login is asked for: those that name the same maker, or a single one that names none.
package struct LoginGroup: Sendable {
    package let maker: String?
    package private(set) var cameras: [FoundCameraView]

    /// Groups cameras in the order in which each maker comes first.
    package static func groups(of cameras: [FoundCameraView]) -> [LoginGroup] {
        var groups: [LoginGroup] = []
        for camera in cameras {
            if let maker = camera.maker, let index = groups.firstIndex(where: { $0.maker == maker }) {
                groups[index].cameras.append(camera)
            } else {
                groups.append(LoginGroup(maker: camera.maker, cameras: [camera]))
            }
        }
        return groups
    }

    /// Where a login goes, before it is sent.
    package var destination: String {
        let names = cameras.map { "\($0.title) (\($0.host))" }
        guard let maker, names.count > 1 else {
            return "\(names.joined()) wants a login. It is tried once there and sent to no other camera."
        }
        return
            "\(names.count) cameras by \(maker) want a login. It is tried once on each of these and sent to no other: "
            + names.joined(separator: ", ") + "."
    }

    /// The questions that try a login once on each camera, never in clear text. They name the maker, so that the server sends the
    /// login to no other.
    package func questions(username: String, password: Secret<String>) -> [DiscoveryBody] {
        DiscoveryBody.asking(cameras).map { body in
            var body = body
            body.maker = maker
            (body.username, body.password) = (username, password.reveal())
            return body
        }
    }

    /// The questions that send a login in clear text, to those cameras alone that said that they take it in no other way.
    package static func questionsInClearText(
        _ answers: [FoundCameraView], username: String, password: Secret<String>
    ) -> [DiscoveryBody] {
        answers.filter { $0.outcome == .clearTextOnly }.map { camera in
            var body = DiscoveryBody(addresses: [camera.address])
            (body.username, body.password, body.allowClearText) = (username, password.reveal(), true)
            return body
        }
    }
}

extension DiscoveryBody {
    /// The questions that ask cameras for their streams: as many as it takes, each for up to `CameraInquiry.limit` cameras.
    package static func asking(_ cameras: [FoundCameraView]) -> [DiscoveryBody] {
        stride(from: 0, to: cameras.count, by: CameraInquiry.limit).map { start in
            DiscoveryBody(addresses: cameras[start...].prefix(CameraInquiry.limit).map(\.address))
        }
    }
}
