import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianOperations
import GuardianVision

/// Where the AI service is: a child of this edge on a Unix socket (the default), or somewhere else.
public struct InferenceConfiguration: Sendable {
    public enum Place: Sendable {
        /// The edge starts the service itself and keeps it running.
        case child(socket: String)
        /// The service runs on this machine, not started by the edge.
        case socket(String)
        /// On another machine, by mutual TLS.
        case remote(EdgeConfiguration.NodeConnectionConfiguration)
        /// Nowhere, because what the configuration says of it is wrong.
        case refused
    }

    public var place: Place
    /// Where the child finds OpenVINO's libraries and the model.
    public var places: OpenVINOPlaces

    /// There is no AI service: the one that the owner meant is not known.
    static var refused: InferenceConfiguration { InferenceConfiguration(place: .refused, places: .find()) }

    private init(place: Place, places: OpenVINOPlaces) { (self.place, self.places) = (place, places) }

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

    /// Returns the socket's path in the state folder. Such a path has at most 107 bytes (unix(7)), so for a long state folder it
    /// is in `/tmp` instead, with a hash of the folder as its name, in a folder that no other user has made or can reach.
    private static func socket(in state: String) -> String {
        let direct = "\(state)/run/ai/sock"
        guard direct.utf8.count > 100 else { return direct }
        let name = state.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        let folders = ["/tmp/guardian-\(getuid())"] + (1...9).map { "/tmp/guardian-\(getuid())-\($0)" }
        // When all are others', creating the first one says so.
        return "\(folders.first(where: PrivateFolder.isUsable) ?? folders[0])/\(String(name, radix: 36)).sock"
    }
}
