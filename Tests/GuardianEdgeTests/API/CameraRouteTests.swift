import Foundation
import GuardianCore
import GuardianHTTP
import HTTPTypes
import HummingbirdTesting
import Testing

@Suite("Edge API: cameras and live pictures")
struct CameraRouteTests {
    @Test("the cameras are listed on one page, and each has its own address")
    func cameras() async throws {
        let edge = try EdgeFixture()
        try await edge.test { client in
            let page = try json(try await client.get("/api/v1/cameras"))
            #expect(page["nextCursor"] is NSNull)
            let item = try #require((page["items"] as? [[String: Any]])?.first)
            #expect(item["id"] as? String == "front")
            #expect(item["cameraId"] as? String == edge.camera.description)
            #expect(item["lastFailure"] is NSNull)
            let one = try json(try await client.get("/api/v1/cameras/front"))
            #expect(one["name"] as? String == "Front door")
            #expect(try await client.get("/api/v1/cameras/attic").status == .notFound)
            #expect(try await client.get("/api/v1/cameras/..%2Fetc").status == .badRequest)
        }
    }

    @Test("a snapshot is a JPEG that nobody keeps, and 503 while there is no picture")
    func snapshot() async throws {
        let edge = try EdgeFixture()
        try await edge.test { client in
            let answer = try await client.get("/api/v1/cameras/front/snapshot.jpg")
            #expect(answer.headers[.contentType] == "image/jpeg")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(Array(answer.body.readableBytesView) == [0xFF, 0xD8, 0xFF, 0xD9])
            edge.cameraIsLive.withLock { $0 = false }
            let lost = try await client.get("/api/v1/cameras/front/snapshot.jpg")
            #expect(lost.status == .serviceUnavailable)
            #expect(try problem(lost).code == .unavailable)
        }
    }

    @Test("a camera is tested only by POST, and not by another site")
    func tried() async throws {
        try await EdgeFixture().test { client in
            let answer = try await client.execute(uri: "/api/v1/cameras/front/test", method: .post)
            #expect(answer.status == .ok)
            #expect(try json(answer)["ok"] as? Bool == true)
            #expect(try await client.get("/api/v1/cameras/front/test").status == .methodNotAllowed)
            let foreign = try await client.execute(
                uri: "/api/v1/cameras/front/test", method: .post, headers: [.origin: "http://evil.example"])
            #expect(foreign.status == .forbidden)
        }
    }

    @Test("live.mp4 is the init segment and the fragments, and 503 while there is no picture")
    func single() async throws {
        let edge = try EdgeFixture()
        try await edge.test { client in
            let answer = try await client.get("/api/v1/cameras/front/live.mp4")
            #expect(answer.headers[.contentType] == "video/mp4")
            #expect(String(buffer: answer.body) == "initfragment1fragment2fragment3")
            edge.cameraIsLive.withLock { $0 = false }
            #expect(try await client.get("/api/v1/cameras/front/live.mp4").status == .serviceUnavailable)
        }
    }

    @Test("the grid's records name the camera by its place in the query")
    func grid() async throws {
        try await EdgeFixture().test { client in
            let answer = try await client.get("/api/v1/live?cameras=front")
            #expect(answer.headers[.contentType] == "application/octet-stream")
            var bytes = answer.body
            #expect(bytes.readBytes(length: 8) == [0, 0, 0, 0, 0, 0, 0, 17])
            #expect(bytes.readInteger(as: UInt16.self) == 11)
            #expect(bytes.readString(length: 11) == "avc1.64001f")
            #expect(bytes.readString(length: 4) == "init")
            for number in 1...3 {
                #expect(bytes.readBytes(length: 8) == [0, 1, 0, 0, 0, 0, 0, 9])
                #expect(bytes.readString(length: 9) == "fragment\(number)")
            }
            #expect(bytes.readableBytes == 0)
        }
    }

    @Test("a grid without cameras, with an unknown one, or one twice is refused")
    func badGrid() async throws {
        try await EdgeFixture().test { client in
            for (query, status) in [
                ("", 400), ("?cameras=", 400), ("?cameras=front,front", 400), ("?cameras=front,attic", 404),
            ] {
                let answer = try await client.get("/api/v1/live\(query)")
                #expect(answer.status.code == status)
                _ = try problem(answer)
            }
        }
    }
}
