import Foundation
import GuardianCore
import GuardianHTTP
import GuardianIdentity
import GuardianJournal
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@Suite("Edge API: who may do what")
struct AccessRouteTests {
    private let edge: EdgeFixture
    private let event: Event
    private let clip: Clip
    private let yard = CameraID.v7(at: Timestamp(milliseconds: 1_790_000_000_001))

    init() async throws {
        edge = try EdgeFixture()
        let clip = try edge.clip(at: 0, state: .complete, bytes: Array("clip".utf8))
        var event = edge.event(at: 5)
        event.clips = [ClipSpan(clip: clip.id, from: 5000, to: 7000, preRollShort: false)]
        self.clip = clip
        self.event = event
        try await edge.journal.append([.clipOpened(clip), .clipClosed(clip)], at: edge.start)
        try await edge.open(event)
    }

    private func account(
        _ role: Role, _ cameras: CameraRights = .all, scope: Set<Permission>? = nil, limits: CameraRights = .all
    ) -> Principal {
        Principal(
            credential: .session(.v7(at: edge.start)), account: .v7(at: edge.start), name: "test", role: role,
            cameras: cameras, scope: scope, limits: limits)
    }

    private func gate(_ principal: Principal?) -> Gate {
        Gate(resolve: { _, _ in principal }, end: { _ in try await Task.sleep(for: .seconds(600)) })
    }

    private var askers: [(name: String, principal: Principal?)] {
        [
            ("nobody", nil), ("viewer of another camera", account(.viewer, .only([yard]))),
            ("viewer of the camera", account(.viewer, .only([edge.camera]))), ("member", account(.member)),
            ("owner", account(.owner)), ("owner's token for one camera", account(.owner, limits: .only([edge.camera]))),
            ("token without rights", account(.owner, scope: [])),
        ]
    }

    private func mayUse(_ access: RouteAccess, _ principal: Principal?) -> HTTPResponse.Status? {
        let (permission, needsAll): (Permission, Bool)
        switch access {
        case .everyone: return nil
        case .may(let needed): (permission, needsAll) = (needed, false)
        // These requests come from no address.
        case .mayForAllCameras(let needed), .mayOrLocal(let needed): (permission, needsAll) = (needed, true)
        }
        guard let principal else { return .unauthorized }
        return principal.can(permission) && (!needsAll || principal.cameras == .all) ? nil : .forbidden
    }

    private func uri(_ path: String) -> String {
        path.replacing("{clipId}", with: "\(clip.id)").replacing("{eventId}", with: "\(event.id)")
            .replacing("cameras/{id}", with: "cameras/front").replacing("clips/{id}", with: "clips/\(clip.id)")
            .replacing("{id}", with: "\(event.id)")
    }

    @Test("each route lets in whoever has its permission, and nobody else")
    func table() async throws {
        let accounts = try await edge.accounts()
        for (name, principal) in askers {
            let server = try edge.server(gate: gate(principal), accounts: accounts)
            #expect(server.operations.count > 60)
            let operations = server.operations
            try await server.application.test(.router) { client in
                for (operation, access) in operations {
                    let words = operation.split(separator: " ")
                    let method = try #require(HTTPRequest.Method(String(words[0])))
                    // Endless; HEAD shows the same.
                    if method == .get, ["/api/v1/events/stream", "/api/v1/live"].contains(words[1]) { continue }
                    let answer = try await client.executeRequest(uri: uri(String(words[1])), method: method)
                    let comment: Comment = "\(name): \(operation) \(answer.status)"
                    if let refusal = mayUse(access, principal) {
                        #expect(answer.status == refusal, comment)
                    } else {
                        #expect(![.unauthorized, .forbidden].contains(answer.status), comment)
                    }
                }
            }
        }
    }

    @Test("a camera that somebody does not see does not exist for them")
    func hiddenCamera() async throws {
        let unknown = (event: EventID.v7(at: edge.start), clip: ClipID.v7(at: edge.start))
        try await edge.test(gate: gate(account(.viewer, .only([yard])))) { client in
            for (path, hidden, none) in [
                ("/api/v1/events/ID", "\(event.id)", "\(unknown.event)"),
                ("/api/v1/events/ID/clip.mp4", "\(event.id)", "\(unknown.event)"),
                ("/api/v1/events/ID/snapshot.jpg", "\(event.id)", "\(unknown.event)"),
                ("/api/v1/clips/ID.mp4", "\(clip.id)", "\(unknown.clip)"),
                ("/api/v1/cameras/ID", "front", "none"), ("/api/v1/cameras/ID/snapshot.jpg", "front", "none"),
                ("/api/v1/cameras/ID/live.mp4", "front", "none"), ("/api/v1/live?cameras=ID", "front", "none"),
                ("/api/v1/events?camera=ID", "front", "none"), ("/api/v1/coverage?camera=ID", "front", "none"),
                ("/api/v1/clips?camera=ID", "\(edge.camera)", "none"),
                ("/api/v1/events/density?camera=ID", "front", "none"), ("/api/v1/archive?camera=ID", "front", "none"),
            ] {
                var texts: Set<String> = []
                for id in [hidden, none] {
                    let answer = try problem(try await client.get(path.replacing("ID", with: id)))
                    #expect(answer.status == 404, "\(path)")
                    texts.insert(answer.detail.replacing(id, with: "ID"))
                }
                #expect(texts.count == 1, "\(path): \(texts)")
            }
            for path in ["/api/v1/events", "/api/v1/events/density", "/api/v1/clips", "/api/v1/cameras"] {
                let items = try json(try await client.get(path))["items"] as? [Any]
                #expect(items?.isEmpty == true, "\(path)")
            }
        }
        try await edge.test(gate: gate(account(.viewer, .only([edge.camera])))) { client in
            for path in ["/api/v1/events", "/api/v1/clips", "/api/v1/cameras"] {
                let items = try json(try await client.get(path))["items"] as? [Any]
                #expect(items?.count == 1, "\(path)")
            }
            #expect(try await client.get("/api/v1/clips/\(clip.id).mp4").status == .ok)
        }
    }

    @Test("an event's neighbours are those that one sees")
    func neighbours() async throws {
        var others: [Event] = []
        for seconds in [1, 9] as [Int64] {
            var other = edge.event(at: seconds)
            other.camera = yard
            try await edge.open(other)
            others.append(other)
        }
        for (cameras, previous, next) in [
            (CameraRights.only([edge.camera]), nil, nil),
            (.only([edge.camera, yard]), others[0].id.description, others[1].id.description),
        ] as [(CameraRights, String?, String?)] {
            try await edge.test(gate: gate(account(.viewer, cameras))) { client in
                let view = try json(try await client.get("/api/v1/events/\(event.id)"))
                #expect(view["previous"] as? String == previous && view["next"] as? String == next)
            }
        }
    }
}
