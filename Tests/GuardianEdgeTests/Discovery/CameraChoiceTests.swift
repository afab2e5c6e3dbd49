import Foundation
import GuardianCore
import GuardianHTTP
import Testing

import GuardianEdge

@Suite("Choosing from found cameras")
struct CameraChoiceTests {
    private func camera(
        _ host: String, maker: String? = "Acme", name: String? = nil, _ outcome: FoundCameraView.Outcome = .needsLogin,
        streams: [FoundStreamView] = []
    ) -> FoundCameraView {
        var view = FoundCameraView(address: "\(host):8080", host: host, outcome: outcome)
        (view.maker, view.name, view.streams) = (maker, name, streams)
        return view
    }

    @Test(
        "numbers choose from a list of five, in its order and each once",
        arguments: [
            ("2", [1]), ("3,1", [0, 2]), (" 2-4 ", [1, 2, 3]), ("1 1-2, 2", [0, 1]), ("ALL", [0, 1, 2, 3, 4]),
            ("", []), (" , ", []),
        ] as [(String, [Int])])
    func numbers(typed: String, expected: [Int]) throws {
        #expect(try ListNumbers.read(typed, count: 5) == expected)
    }

    @Test(
        "what is not in the list is refused with what can be typed",
        arguments: ["0", "6", "-1", "2-", "4-2", "1-6", "1-2-3", "x", "all 1", "1-99999999999999999999", "٣"])
    func refusedNumbers(typed: String) {
        let error = #expect(throws: GuardianError.self) { try ListNumbers.read(typed, count: 5) }
        #expect(error?.code == .invalidArgument && error?.message.contains("from 1 to 5") == true)
    }

    @Test("nothing can be chosen from an empty list")
    func emptyList() {
        #expect((try? ListNumbers.read("all", count: 0)) == [])
        #expect(throws: GuardianError.self) { try ListNumbers.read("1", count: 0) }
    }

    @Test("one login is for the cameras of one maker; those that do not say who made them stand alone")
    func groups() {
        let cameras = [
            camera("10.0.0.1"), camera("10.0.0.2", maker: "Other"), camera("10.0.0.3"), camera("10.0.0.4", maker: nil),
            camera("10.0.0.5", maker: nil),
        ]
        let groups = LoginGroup.groups(of: cameras)
        #expect(groups.map(\.maker) == ["Acme", "Other", nil, nil])
        #expect(
            groups.map { $0.cameras.map(\.host) } == [
                ["10.0.0.1", "10.0.0.3"], ["10.0.0.2"], ["10.0.0.4"], ["10.0.0.5"],
            ])
        #expect(groups[0].destination.hasPrefix("2 cameras by Acme want a login."))
        #expect(groups[0].destination.hasSuffix("sent to no other: Acme (10.0.0.1), Acme (10.0.0.3)."))
        #expect(groups[2].destination.hasPrefix("Camera (10.0.0.4) wants a login."))
        #expect(LoginGroup.groups(of: []).isEmpty)
    }

    @Test("a login is sent to its group alone, with the maker's name, each camera once, and never in clear text")
    func questions() throws {
        let group = try #require(LoginGroup.groups(of: (1...70).map { camera("10.0.0.\($0)") }).first)
        let questions = group.questions(username: "admin", password: Secret("p"))
        #expect(questions.map { $0.addresses?.count } == [32, 32, 6])
        #expect(questions.flatMap { $0.addresses ?? [] } == group.cameras.map(\.address))
        #expect(questions.allSatisfy { $0.maker == "Acme" && $0.username == "admin" && $0.password == "p" })
        #expect(questions.allSatisfy { $0.allowClearText == nil && $0.seconds == nil })
        let alone = try #require(LoginGroup.groups(of: [camera("10.0.0.9", maker: nil)]).first)
        let sent = try JSONEncoder().encode(alone.questions(username: "admin", password: Secret("p")))
        let members = try #require(try JSONSerialization.jsonObject(with: sent) as? [[String: Any]])
        #expect(members.map { Set($0.keys) } == [["addresses", "username", "password"]])
    }

    @Test("clear text goes to each camera alone that takes a login in no other way")
    func clearText() {
        let answers = [camera("10.0.0.1", .refused), camera("10.0.0.2", .clearTextOnly), camera("10.0.0.3", .streams)]
        let questions = LoginGroup.questionsInClearText(answers, username: "admin", password: Secret("p"))
        #expect(questions.map(\.addresses) == [["10.0.0.2:8080"]])
        #expect(questions.allSatisfy { $0.allowClearText == true && $0.maker == nil && $0.password == "p" })
    }

    @Test("each lens becomes a camera with a name of its own, which can be seen")
    func lenses() {
        var wide = FoundStreamView(source: "rtsp://10.0.0.1/c")
        wide.name = "wide"
        let two = camera(
            "10.0.0.1", name: "Yard", .streams,
            streams: [FoundStreamView(source: "rtsp://10.0.0.1/a", detect: "rtsp://10.0.0.1/b"), wide])
        #expect(two.lenses.map(\.name) == ["Yard 1", "Yard wide"])
        #expect(
            two.lenses.map(\.detect) == ["rtsp://10.0.0.1/b", nil] && two.lenses.last?.source == "rtsp://10.0.0.1/c")
        func name(_ text: String?) -> String? {
            camera(
                "10.0.0.1", maker: nil, name: text, .streams, streams: [FoundStreamView(source: "rtsp://10.0.0.1/a")]
            ).lenses.first?.name
        }
        #expect(name(nil) == "Camera" && name("\u{7}bell") == "Camera" && name("Gate") == "Gate")
        #expect(name(String(repeating: "x", count: 200))?.count == 80)
        #expect(camera("10.0.0.1", .refused).lenses.isEmpty)
    }

    @Test("names that are taken get a number, and stay short enough")
    func distinctNames() {
        let long = String(repeating: "x", count: 80)
        let lenses = ["Yard", "Yard", "Gate", long, long].map {
            FoundLens(name: $0, source: "rtsp://10.0.0.1/a", detect: nil)
        }
        let names = FoundLens.named(lenses, besides: ["Yard"]).map(\.name)
        #expect(names.prefix(4) == ["Yard 2", "Yard 3", "Gate", long])
        #expect(names.last == String(repeating: "x", count: 78) + " 2")
    }
}
