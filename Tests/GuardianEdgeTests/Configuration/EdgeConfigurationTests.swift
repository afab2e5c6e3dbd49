import Foundation
import GuardianArchive
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianTestKit
import Testing

@Suite("An edge's configuration")
struct EdgeConfigurationTests {
    private func configuration(_ text: String, othersMayRead: Bool = false) throws -> EdgeConfiguration {
        try EdgeConfiguration(ConfigurationFile(text: text, name: "edge.yaml", othersMayRead: othersMayRead).root)
    }

    private func refusal(_ text: String, othersMayRead: Bool = false) throws -> GuardianError {
        try #require(#expect(throws: GuardianError.self) { try configuration(text, othersMayRead: othersMayRead) })
    }

    @Test("everything but the cameras has a default")
    func defaults() throws {
        let edge = try configuration("cameras: [{id: front, source: \"rtsp://host/main\"}]")
        #expect(edge.state == "/var/lib/guardian")
        #expect(edge.web.host == "127.0.0.1")
        #expect(edge.web.port == 8480)
        #expect(edge.node == nil)
        #expect(edge.cameras.map(\.name) == ["front"])
        #expect(edge.cameras.map(\.audio) == [false])
        #expect(edge.recording.preRoll == 5)
        #expect(edge.recording.unanalysed)
        guard case .child = edge.inference.place else {
            Issue.record("the AI service is the edge's child unless the file says otherwise")
            return
        }
    }

    @Test("the recording's defaults and ranges are those of the reference", arguments: RecordingLimits.all)
    func recordingReference(setting: IntegerSetting) throws {
        let reference = URL(filePath: #filePath).appending(path: "../../../../docs/reference/configuration.md")
        let rows = try String(contentsOf: reference.standardizedFileURL, encoding: .utf8).split(separator: "\n")
        let row = try #require(rows.first { $0.hasPrefix("| `recording.\(setting.key)` | `\(setting.usual)` |") })
        #expect(row.contains("\(setting.range.lowerBound)–\(setting.range.upperBound)"))
        #expect(setting.range.contains(setting.usual))
    }

    @Test("the days of the reference are those that are allowed, and none unless the file says so")
    func days() throws {
        let reference = URL(filePath: #filePath).appending(path: "../../../../docs/reference/configuration.md")
        let rows = try String(contentsOf: reference.standardizedFileURL, encoding: .utf8).split(separator: "\n")
        let row = try #require(rows.first { $0.hasPrefix("| `recording.keepDays` | none |") })
        #expect(row.contains("\(RecordingLimits.keepDays.lowerBound)–\(RecordingLimits.keepDays.upperBound)"))
        #expect(try configuration("state: /srv/guardian").recording.keepDays == nil)
        #expect(try configuration("recording: {keepDays: 30}").recording.keepDays == 30)
        #expect(throws: GuardianError.self) { try configuration("recording: {keepDays: 0}") }
    }

    @Test("packets are kept for as long as the longest pre-roll, and until its event is recognised")
    func ring() {
        let longest = RecordingLimits.preRoll.range.upperBound
        #expect(CameraSettings(source: Secret("file:/film.mp4"), preRoll: longest).ringSeconds >= Double(longest + 10))
        #expect(CameraSettings(source: Secret("file:/film.mp4")).ringSeconds == 15)
    }

    @Test("a whole file is read")
    func whole() throws {
        let edge = try configuration(
            """
            state: /srv/guardian
            log: {level: debug}
            web: {address: "::1", port: 80}
            cameras:
              - {id: front, name: Front door, source: "rtsp://u:secret@host:554/main", detect: "rtsp://u:secret@host:554/sub", transport: udp, audio: true}
              - {id: yard, source: "file:/srv/yard.mp4"}
            recording: {preRoll: 7, postRoll: 3, maximum: 60, unanalysed: false, keepFreeMegabytes: 1000}
            detection: {rate: 3}
            inference: {socket: /run/guardian/ai.sock}
            node: {address: "node.example:9443", certificate: /c, key: /k, authority: /a}
            """)
        #expect(edge.cameras.map(\.alias.text) == ["front", "yard"])
        #expect(edge.cameras.first?.transport == .udp)
        #expect(edge.cameras.first?.source.reveal() == "rtsp://u:secret@host:554/main")
        #expect(edge.recording.keepFree == 1000 << 20)
        #expect(!edge.recording.unanalysed)
        #expect(edge.node?.host == "node.example")
        #expect(edge.node?.port == 9443)
        #expect(!"\(edge)".contains("secret"))
    }

    @Test(
        "what makes no sense is refused with its place and what to write",
        arguments: [
            ("cameras: [{id: Front, source: \"rtsp://h/\"}]", "cameras.0.id"),
            ("cameras: [{id: discover, source: \"rtsp://h/\"}]", "a word of the API"),
            ("cameras: [{id: a, source: \"http://h/\"}]", "rtsp://"),
            ("cameras: [{id: a, source: \"rtsp:///x\"}]", "no host"),
            ("cameras: [{id: a, source: \"file:x.mp4\"}]", "absolute path"),
            ("cameras: [{id: a}]", "cameras.0.source"),
            ("cameras: [{id: a, source: \"rtsp://h/\"}, {id: a, source: \"rtsp://h/\"}]", "two cameras"),
            ("state: here", "absolute path"),
            ("web: {address: recorder.example}", "listens on an address"),
            ("web: {names: \"a.example, b_c\"}", "“b_c” is no host name"),
            ("web: {tls: {certificate: /c.pem}}", "needs its key"),
            ("web: {tls: {certificate: c.pem, key: /k.pem}}", "web.tls.certificate” must be an absolute path"),
            ("web: {tls: {enabled: false}}", "web.tls.enabled” is unknown here"),
            ("web: {tls: false}", "must be a map of keys"),
            ("web: {port: 70000}", "web.port"),
            ("node: {address: somewhere}", "node.address"),
            ("camera: []", "unknown here: did you mean “cameras”?"),
            ("cameras: [{id: a, sorce: \"rtsp://h/\"}]", "“cameras.0.sorce” is unknown here: did you mean “source”?"),
            ("cameras: [{id: a, source: \"rtsp://h:99999/\"}]", "a port that is no number from 1 to 65535"),
            ("cameras: [{id: a, source: \"rtsp://h:0/\"}]", "a port that is no number from 1 to 65535"),
            ("cameras: [{id: a, source: \"rtsp://h:554x/\"}]", "a port that is no number from 1 to 65535"),
            ("cameras: [{id: a, source: \"rtsp://u:12#34@h/\"}]", "# as %23"),
            ("cameras: [{id: a, source: \"rtsp://u:12/34@h/\"}]", "/ as %2F"),
            ("cameras: [{id: a, source: \"rtsp://u:12?34@h/\"}]", "? as %3F"),
            ("cameras: [{id: a, source: \"rtsp://u:pass/word@h/\"}]", "/ as %2F"),
            ("cameras: [{id: a, source: \"rtsp://h/a b\"}]", "a space as %20"),
            ("cameras: [{id: a, source: \"rtsp://h/\", name: \"\u{200B}\u{200D}\"}]", "1 to 80 visible characters"),
            ("cameras: [{id: a, source: \"rtsp://h/\", name: \"\u{3164} \"}]", "1 to 80 visible characters"),
            ("cameras: [{id: a, source: \"rtsp://h/\", name: \"a\u{202E}b\"}]", "1 to 80 visible characters"),
        ])
    func refusals(text: String, part: String) throws {
        let error = try refusal(text)
        #expect(error.message.hasPrefix("edge.yaml:1: "))
        #expect(error.message.contains(part))
    }

    @Test(
        "an edge that is to record leaves out sections that are wrong, and names what is wrong with each",
        arguments: [
            ("archive", "{cameras: back}", "edge.yaml:3: “archive.cameras” names “back”"),
            ("archive", "{recipientsFile: /nonexistent}", "“archive.recipientsFile” names /nonexistent"),
            ("archive", "{colour: red}", "“archive.colour” is unknown here"),
            ("archive", "yes", "“archive” must be a map of keys"), ("node", "{address: somewhere}", "“node.address”"),
            ("inference", "{address: \"ai:1\", certificate: /c}", "“inference.key” is missing"),
            ("inference", "{modell: /m}", "did you mean “model”?"), ("web", "{port: 70000}", "“web.port”"),
        ])
    func leftOut(name: String, section: String, part: String) throws {
        let sections = [
            "node": "{address: \"node:9443\", certificate: /c.pem, key: /c.key, authority: /a.pem}", "archive": "{}",
            "inference": "{socket: /run/ai.sock}", "web": "{port: 81}",
        ].merging([name: section]) { _, wrong in wrong }
        let order = [name] + sections.keys.filter { $0 != name }
        let text =
            "cameras: [{id: front, source: \"rtsp://host/main\"}]\nstate: /srv\n"
            + order.map { "\($0): \(sections[$0] ?? "")\n" }.joined()
        #expect(try refusal(text).message.contains(part))
        let edge = try EdgeConfiguration.toRecord(ConfigurationFile(text: text, name: "edge.yaml").root)
        #expect(edge.refusals.map(\.name.rawValue) == [name])
        #expect(edge.refusals.allSatisfy { $0.error.message.contains(part) })
        #expect(edge.cameras.map(\.alias.text) == ["front"] && edge.state == "/srv")
        #expect((edge.archive == nil) == (name == "archive") && (edge.node == nil) == (name == "node"))
        #expect(edge.web.port == (name == "web" ? 8480 : 81))
        switch edge.inference.place {
        case .refused: #expect(name == "inference")
        case .socket: #expect(name != "inference")
        default: Issue.record("another AI service than the owner named")
        }
    }

    @Test("an edge records with the parts of its web section that are right, and believes nobody else")
    func webParts() throws {
        func edge(_ web: String) throws -> EdgeConfiguration {
            try EdgeConfiguration.toRecord(ConfigurationFile(text: "web: \(web)", name: "edge.yaml").root)
        }
        let open = try edge("{address: \"::\", port: 443, names: b_c, proxies: 127.0.0.1}")
        #expect(open.refuses(.web) && open.web.host == "::" && open.web.port == 443 && open.webTLS.files == nil)
        #expect(try open.webAccess.proxies == WebProxies(["127.0.0.1"]))
        let closed = try edge("{tls: {certificate: /c.pem, key: /k.pem}, proxies: 0.0.0.0/0}")
        #expect(closed.refuses(.web) && closed.webTLS.files?.key == "/k.pem")
        #expect(closed.webAccess == WebAccessConfiguration(proxies: .none, metrics: .token))
        #expect(try edge("{metrics: token, colour: red}").webAccess.metrics == .token)
    }

    @Test(
        "an edge does not record with anything else that is wrong",
        arguments: [
            "cameras: [{id: a}]", "state: here", "recording: {keepDays: 0}", "detection: {rate: 99}", "archiv: {}",
            "log: {level: loud}",
        ])
    func refusedAsWhole(text: String) throws {
        let root = try ConfigurationFile(text: text, name: "edge.yaml").root
        #expect(throws: GuardianError.self) { try EdgeConfiguration.toRecord(root) }
    }

    @Test(
        "a web server has every interface, more names and its own certificate when the owner wants so, and else none of them"
    )
    func web() throws {
        let own = try configuration(
            "web: {address: \"::\", names: \"recorder.example, Cam.Example.\", tls: {certificate: /c.pem, key: /k.pem}}"
        )
        #expect(own.web.host == "::")
        #expect(own.webTLS.files == WebTLSConfiguration.Files(certificate: "/c.pem", key: "/k.pem"))
        let usual = try configuration("state: /srv/guardian")
        #expect(usual.webAccess == .standard)
        let behind = try configuration("web: {proxies: \"127.0.0.1, 10.0.0.0/24\", metrics: token}")
        #expect(behind.webAccess.metrics == .token)
        #expect(try behind.webAccess.proxies == WebProxies(["127.0.0.1", "10.0.0.0/24"]))
        for wrong in ["web: {proxies: proxy.example}", "web: {proxies: 0.0.0.0/0}", "web: {metrics: everyone}"] {
            #expect(try refusal(wrong).code == .invalidArgument)
        }
        #expect(usual.web.host == "127.0.0.1")
        #expect(usual.webTLS.files == nil)
    }

    @Test("a password in a file that others may read is refused, and not repeated")
    func readableSecret() throws {
        let error = try refusal("cameras: [{id: a, source: \"rtsp://u:hunter2@h/\"}]", othersMayRead: true)
        #expect(error.code == .permissionDenied)
        #expect(!error.message.contains("hunter2"))
        _ = try configuration("cameras: [{id: a, source: \"rtsp://h/\"}]", othersMayRead: true)
    }

    @Test(
        "a password in an address's path or query is one too",
        arguments: ["live?user=u&password=hunter2", "user=u_password=hunter2_channel=1.sdp", "live?pwd=hunter2"])
    func secretParameter(_ path: String) throws {
        let text = "cameras: [{id: a, source: \"rtsp://h/\(path)\"}]"
        let error = try refusal(text, othersMayRead: true)
        #expect(error.code == .permissionDenied && !error.message.contains("hunter2"))
        #expect(try configuration(text).cameras.first?.source.reveal() == "rtsp://h/\(path)")
    }

    @Test(
        "addresses and names that cameras and people have are accepted",
        arguments: [
            ("rtsp://u:p@ss:w@[fe80::1%25eth0]:8554/a/b?c=1@2", "Großer Hof 2"), ("rtsp://h/live@main", "👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
            ("rtsp://@h:554/live@main", "می‌خواهم"), ("RTSPS://u:12%2F34@cam_1.local", "カメラ"),
            ("file:/srv/a b.mp4", "-"),
        ])
    func accepted(address: String, name: String) throws {
        let edge = try configuration("cameras: [{id: a, source: \"\(address)\", name: \"\(name)\"}]")
        #expect(edge.cameras.first?.source.reveal() == address)
        #expect(edge.cameras.first?.name == name)
    }

    private static let node = """
        cameras: [{id: front, source: "rtsp://host/main"}]
        node: {address: "node:9443", certificate: /c.pem, key: /c.key, authority: /a.pem}
        """

    @Test("seals to its own recipients, and to those of a file")
    func archive() throws {
        let (family, lawyer) = (try OwnerKeys(OwnerSecret()).xWing, try OwnerKeys(OwnerSecret()).x25519)
        let folder = TemporaryFolder()
        let file = folder.url.appending(path: "recipients")
        try Data("# the lawyer\n\(lawyer.text)\n\n".utf8).write(to: file)
        let edge = try configuration(
            """
            \(Self.node)
            archive:
              recipients: [{name: Family, key: "\(family.text)"}]
              recipientsFile: \(file.path)
              cameras: front
              labels: person, car
              confidence: 0.5
            """)
        let archive = try #require(edge.archive)
        #expect(archive.recipients == [family, lawyer])
        #expect(archive.cameras.map(\.text) == ["front"] && archive.labels.map(\.text).sorted() == ["car", "person"])
        #expect(archive.confidence == 0.5)
        #expect(archive.named.map(\.name) == ["Family", nil] && archive.named.allSatisfy(\.isFixed))
    }

    @Test("may say what is archived without a recipient, who is added at run time")
    func archiveWithoutRecipient() throws {
        let archive = try #require(try configuration("\(Self.node)\narchive: {labels: person}").archive)
        #expect(archive.recipients.isEmpty && archive.labels.map(\.text) == ["person"])
    }

    @Test(
        "refuses an archive that seals to nobody, to a mistyped recipient, of no camera, or without a node",
        arguments: [
            ("archive: {recipients: []}", "recipients"),
            ("archive: {recipients: [{key: \"guardian-recipient:X-Wing:AAAA:BBBB\"}]}", "key"),
            ("archive: {recipientsFile: /nonexistent}", "recipientsFile"),
            ("archive: {recipients: [{name: Family}]}", "key"),
        ])
    func badArchive(_ text: String, _ key: String) throws {
        let error = try refusal("\(Self.node)\n\(text)")
        #expect(error.message.contains(key), "\(error.message)")
    }

    private func archive(_ text: String) throws -> String {
        "\(Self.node)\narchive: {recipients: [{key: \"\(try OwnerKeys(OwnerSecret()).xWing.text)\"}], \(text)}"
    }

    @Test("reads when events are archived, and the bandwidth limit")
    func schedule() throws {
        let text = try archive(
            """
            schedule: "mon-fri 18:00-08:00; sat,sun", timeZone: Europe/Berlin, bandwidth: {kilobits: 4000, windows: [
              {times: "mon-fri 08:00-18:00", kilobits: 500, backlog: false}, {times: "22:00-06:00", kilobits: 8}]}
            """)
        let archive = try #require(try configuration(text).archive)
        let week = LocalWeek(try #require(TimeZone(identifier: "Europe/Berlin")))
        #expect(
            archive.schedule == ArchiveSchedule(times: try WeekTimes(text: "mon-fri 18:00-08:00; sat,sun"), week: week))
        #expect(
            archive.bandwidth
                == BandwidthPlan(
                    limit: 500_000,
                    windows: [
                        .init(times: try WeekTimes(text: "mon-fri 08:00-18:00"), limit: 62_500, backlog: false),
                        .init(times: try WeekTimes(text: "22:00-06:00"), limit: 1_000),
                    ], week: week))
        let plain = try #require(try configuration(try self.archive("labels: person")).archive)
        #expect(plain.schedule == nil && plain.bandwidth == BandwidthPlan(week: LocalWeek(.current)))
    }

    @Test(
        "refuses invalid times and limits",
        arguments: [
            ("schedule: always", "“archive.schedule” cannot be read: “always” is no day"),
            ("timeZone: Europe/Nowhere", "“archive.timeZone” names “Europe/Nowhere”"),
            ("bandwidth: {kilobits: 0}", "“archive.bandwidth.kilobits” must be a whole number"),
            ("bandwidth: {windows: [{times: sun, kilobits: 5}]}", "“archive.bandwidth.windows.0.kilobits” must be"),
            ("bandwidth: {windows: [{kilobits: 50}]}", "“archive.bandwidth.windows.0.times” is missing"),
            ("bandwidth: {windows: [{times: sun}]}", "changes nothing"),
            ("bandwidth: {windows: [{times: 8-9, kilobits: 8}]}", "“8-9” is no time"),
            ("bandwidth: {speed: 9}", "“archive.bandwidth.speed” is unknown"),
        ])
    func badLine(_ text: String, _ part: String) throws {
        let error = try refusal(try archive(text))
        #expect(error.message.contains(part), "\(error.message)")
    }

    @Test("refuses an archive without a node to keep it")
    func archiveAlone() throws {
        let key = try OwnerKeys(OwnerSecret()).xWing.text
        let error = try refusal(
            """
            cameras: [{id: front, source: "rtsp://host/main"}]
            archive: {recipients: [{key: "\(key)"}]}
            """)
        #expect(error.message.contains("node"), "\(error.message)")
    }
}
