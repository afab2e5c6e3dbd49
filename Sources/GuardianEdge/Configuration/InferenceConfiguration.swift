import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianVision

/// Where the AI service is: a child of this edge on a Unix socket (the default), or somewhere else.
public struct InferenceConfiguration: Sendable {
    public enum Place: Sendable {
        /// The edge starts the service itself and keeps it running.
        case child(socket: String)
        /// Somebody else runs it on this machine.
        case socket(String)
        /// On another machine, by mutual TLS.
        case remote(EdgeConfiguration.NodeConnectionConfiguration)
    }

    public var place: Place
    /// Where the child finds OpenVINO's libraries and the model.
    public var places: OpenVINOPlaces

    init(_ section: ConfigurationSection, state: String) throws {
        let found = OpenVINOPlaces.find()
        places = OpenVINOPlaces(
            libraries: try section.string("runtime").map { URL(filePath: $0) } ?? found.libraries,
            model: try section.string("model").map { URL(filePath: $0) } ?? found.model)
        if section.has("address") {
            place = .remote(try EdgeConfiguration.NodeConnectionConfiguration(section))
        } else if let socket = try section.string("socket") {
            guard socket.utf8.count < 104 else {
                throw section.refusal("socket", "must be shorter than 104 characters")
            }
            place = .socket(socket)
        } else {
            place = .child(socket: Self.socket(in: state))
        }
    }

    /// A Unix socket's path holds 107 bytes at most (unix(7)): a deep state folder needs a short way round.
    private static func socket(in state: String) -> String {
        let direct = "\(state)/run/ai.sock"
        guard direct.utf8.count > 100 else { return direct }
        let name = state.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return "/tmp/guardian-\(getuid())/\(String(name, radix: 36)).sock"
    }
}
