import GuardianCore
import GuardianTestKit
import Testing

import GuardianEdge

@Suite("What somebody says of a camera")
struct CameraFormTests {
    private func alias(_ text: String) throws -> CameraAlias { try #require(CameraAlias(text)) }

    private func refusal(_ form: CameraForm, of field: String) throws {
        let error = try #require(
            #expect(throws: GuardianError.self) { _ = try form.camera(try form.alias(apartFrom: [])) })
        #expect(error.code == .invalidArgument && error.context["field"] == field, "\(error)")
    }

    @Test(
        "gets an id of its name",
        arguments: [
            ("Front door", "front-door"), ("Großer Hof 2", "gro-er-hof-2"), ("Café", "cafe"), ("カメラ", "camera"),
            ("--", "camera"), ("Discover", "discover-2"),
            (String(repeating: "long ", count: 16), "long-long-long-long-long-long-long-long-long-long-long-l"),
        ])
    func slug(name: String, id: String) throws {
        #expect(try CameraForm(name: name).alias(apartFrom: []).text == id)
    }

    @Test("never gets the id of a camera that there was, unless it is asked for")
    func apart() throws {
        let taken = try [alias("yard"), alias("yard-2")]
        #expect(try CameraForm(name: "Yard").alias(apartFrom: taken).text == "yard-3")
        var form = CameraForm(name: "Yard")
        form.id = "yard"
        #expect(try form.alias(apartFrom: taken).text == "yard")
    }

    @Test("is refused by the field that is wrong")
    func fields() throws {
        try refusal(CameraForm(name: "", source: "rtsp://h/"), of: "name")
        try refusal(CameraForm(name: "A", source: nil), of: "source")
        try refusal(CameraForm(name: "A", source: "http://h/"), of: "source")
        try refusal(CameraForm(name: "A", source: "rtsp://h/?password=…"), of: "source")
        var form = CameraForm(name: "A", source: "rtsp://h/")
        form.detect = "rtsp://"
        try refusal(form, of: "detect")
        form = CameraForm(name: "A", source: "rtsp://h/")
        form.password = Secret("x")
        try refusal(form, of: "username")
        form.username = "u"
        form.password = Secret(String(repeating: "x", count: 300))
        try refusal(form, of: "password")
        form = CameraForm(name: "A", source: "rtsp://h/")
        form.id = "Front"
        try refusal(form, of: "id")
    }

    @Test("has one login for both streams of its host, and for no other")
    func login() throws {
        var form = CameraForm(name: "A", source: "rtsp://h/main")
        (form.username, form.password, form.detect) = ("u", Secret("p w"), "rtsp://h/sub")
        let camera = try form.camera(alias("a"))
        #expect(camera.source.reveal() == "rtsp://u:p%20w@h/main" && camera.detect?.reveal() == "rtsp://u:p%20w@h/sub")
        form.detect = "rtsp://other/sub"
        #expect(try form.camera(alias("a")).detect?.reveal() == "rtsp://other/sub")
    }

    @Test("keeps a password that is not given again, but not for another place")
    func change() throws {
        let old = try CameraConfiguration(
            alias: alias("a"), name: "A", source: Secret("rtsp://u:hunter2@h/main"),
            detect: Secret("rtsp://u:hunter2@h/sub"))
        #expect(try CameraForm(name: "B").changing(old).source == old.source)
        #expect(try CameraForm(source: "rtsp://h/main").changing(old) == old)
        #expect(try CameraForm(source: "rtsp://h/other").changing(old).source.reveal() == "rtsp://u:hunter2@h/other")
        let moved = try CameraForm(source: "rtsp://evil/main").changing(old)
        #expect(moved.source.reveal() == "rtsp://evil/main" && moved.detect == old.detect)
        var form = CameraForm()
        form.password = Secret("new")
        #expect(try form.changing(old).source.reveal() == "rtsp://u:new@h/main")
        #expect(try form.changing(old).detect?.reveal() == "rtsp://u:new@h/sub")
        form = CameraForm()
        form.detect = ""
        #expect(try form.changing(old).detect == nil)
    }

    @Test("keeps a password within an address when it comes back as it was shown")
    func echoed() throws {
        let old = try CameraConfiguration(
            alias: alias("a"), name: "A", source: Secret("rtsp://h/live?password=hunter2"))
        #expect(try CameraForm(source: "rtsp://h/live?password=…").changing(old) == old)
        #expect(throws: GuardianError.self) { try CameraForm(source: "rtsp://x/live?password=…").changing(old) }
    }
}
