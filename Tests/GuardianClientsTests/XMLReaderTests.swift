import GuardianClients
import GuardianTestKit
import Testing

@Suite("The XML reader")
struct XMLReaderTests {
    @Test("reads elements, attributes, text, references and CDATA, and passes over comments")
    func reads() throws {
        let text = """
            \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
            <!-- one --><a:List xmlns:a="http://x/?y>z" b='"' >
              <Key>x &amp;&lt;&gt;&quot;&apos;&#233;&#x1F600;</Key><Key/><Key a="1"/>
              <Owner><ID>é<!-- in between -->1</ID></Owner><![CDATA[<not>&an;element]]>
            </a:List>
            <!-- behind -->
            """
        let root = try XMLReader.read(Array(text.utf8))
        #expect(root.name == "List")
        #expect(root.attributes == ["b": "\""])
        #expect(root.children.map(\.attributes) == [[:], [:], ["a": "1"], [:]])
        #expect(root.all("Key").map(\.text) == ["x &<>\"'é😀", "", ""])
        #expect(root["Owner"]?["ID"]?.text == "é1")
        #expect(root.text.contains("<not>&an;element"))
        #expect(root["None"] == nil)
    }

    @Test("gives the first attribute of a name without its prefix, and ends an empty element that has some")
    func attributes() throws {
        let text = "<a xmlns:x='http://x/' x:t='1&lt;&#65;' t='2'><b t='3'/><c>d</c></a>"
        let root = try XMLReader.read(Array(text.utf8))
        #expect(root.attributes == ["t": "1<A"])
        #expect(root.children.map(\.name) == ["b", "c"])
        #expect(root["b"]?.attributes == ["t": "3"])
        #expect(throws: XMLReader.Fault.self) { try XMLReader.read(Array("<a t='1' t='2'/>".utf8)) }
    }

    @Test("gives text without the white space around it", arguments: ["", "a b", " a b\n", "\t\n"])
    func trimmed(_ text: String) throws {
        #expect(try XMLReader.read(Array("<x>\(text)</x>".utf8)).trimmed == (text.contains("a") ? "a b" : ""))
    }

    @Test("reads as many levels as the caller allows")
    func depth() throws {
        let text = Array((String(repeating: "<a>", count: 20) + String(repeating: "</a>", count: 20)).utf8)
        #expect(throws: XMLReader.Fault.self) { try XMLReader.read(text, depth: 19) }
        #expect(try XMLReader.read(text, depth: 20).name == "a")
    }

    @Test(
        "refuses what is not well-formed, cut, too deep, or brings entities of its own",
        arguments: [
            "", " ", "text", "<a", "<a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a/>x", "</a>", "<a>&b;</a>",
            "<a>&amp</a>",
            "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&#;</a>", "<a>&#x;</a>", "<a>&#+1;</a>", "<a>&",
            "<1a/>", "<a b/>",
            "<a b=c/>", "<a b=\"c/>", "<a b=\"c\"d=\"e\"/>", "<a><!-- </a>", "<a><![CDATA[x</a>", "<!DOCTYPE a><a/>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a><!ELEMENT b></a>", "<a><?b?></a>", "< a/>", "<a / >",
            String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17),
        ])
    func refuses(_ text: String) {
        #expect(throws: XMLReader.Fault.self) { try XMLReader.read(Array(text.utf8)) }
    }

    /// Each entity is ten of the one before: 10¹² characters if they were replaced.
    private static func bomb(_ mark: String, in use: String, end: String) -> String {
        let sign = mark.isEmpty ? "&" : "%"
        let entities = (1...12).map { level in
            "<!ENTITY \(mark)e\(level) '\(String(repeating: "\(sign)e\(level - 1);", count: 10))'>"
        }
        return "<!DOCTYPE a [<!ENTITY \(mark)e0 'x'>\(entities.joined())\(use)]>\(end)"
    }

    @Test(
        "refuses entities that grow, and files and addresses of others, before it reads them",
        arguments: [
            bomb("", in: "", end: "<a>&e12;</a>"), bomb("", in: "", end: "<a b='&e12;'/>"),
            bomb("% ", in: "%e12;", end: "<a/>"),
            "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><a>&b;</a>",
            "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>",
            "<!DOCTYPE a [<!ENTITY % b SYSTEM 'file:///etc/hostname'> %b;]><a/>",
            "<!DOCTYPE a [<!ENTITY a 'x'>]><a/>",
        ])
    func entities(_ text: String) {
        #expect(throws: XMLReader.Fault.self) { try XMLReader.read(Array(text.utf8)) }
    }

    @Test(
        "reads UTF-8, whatever encoding the document declares",
        arguments: ["UTF-8", "UTF-7", "UTF-16", "ISO-8859-1", "nonsense"])
    func encodings(name: String) throws {
        let text = "<?xml version='1.0' encoding='\(name)'?><a>+ADw-é</a>"
        #expect(try XMLReader.read(Array(text.utf8)).text == "+ADw-é")
        for isBig in [false, true] {
            let wide = "<a>x</a>".utf16.flatMap { unit in
                let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
                return isBig ? bytes.reversed() : bytes
            }
            #expect(throws: XMLReader.Fault.self) { try XMLReader.read(wide) }
        }
    }

    @Test("refuses every cut of an answer, and bytes that are no UTF-8")
    func cuts() throws {
        let text = Array("<?xml version=\"1.0\"?><L><K a=\"b\">x&amp;y</K><!-- c --><![CDATA[d]]><K/></L>".utf8)
        #expect(try XMLReader.read(text).children.count == 2)
        for length in 0..<text.count {
            #expect(throws: XMLReader.Fault.self, "\(length)") { try XMLReader.read(Array(text.prefix(length))) }
        }
        for bytes in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] as [[UInt8]] {
            #expect(throws: XMLReader.Fault.self) { try XMLReader.read(Array("<a>".utf8) + bytes + Array("</a>".utf8)) }
        }
    }

    @Test("ends on any input")
    func fuzz() throws {
        var generator = HostileInput(seed: 7)
        let seed = Array("<L a='1'><K>x&amp;y&#65;</K><!--c--><![CDATA[d]]><K/></L>".utf8)
        var (read, refused) = (0, 0)
        let count = HostileInput.count(20_000)
        for _ in 0..<count {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[..<place].suffix(5), at: place)
                }
            }
            if (try? XMLReader.read(bytes)) != nil { read += 1 } else { refused += 1 }
        }
        #expect(read > count / 100 && refused > count / 100)
    }
}
