// run and compute: parse JSON off the main isolate, get the value or the exception that parsing threw.
#include <isolate_core/runtime.h>

#include <algorithm>
#include <cctype>
#include <iostream>

using namespace isolate;

namespace {

struct Summary {
    int depth = 0;
    int strings = 0;
    int numbers = 0;
};

struct JsonError : std::runtime_error {
    explicit JsonError(std::size_t offset) : std::runtime_error("not JSON at offset " + std::to_string(offset)) {}
};

/// Counts what is in a document of objects, arrays, strings and numbers.
class Parser {
public:
    explicit Parser(std::string text) : m_text(std::move(text)) {}
    Summary parse()
    {
        value(1);
        if (peek() != '\0')
            throw JsonError(m_at);
        return m_summary;
    }

private:
    char peek()
    {
        while (m_at < m_text.size() && std::isspace(static_cast<unsigned char>(m_text[m_at])))
            ++m_at;
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }
    void expect(char c)
    {
        if (peek() != c)
            throw JsonError(m_at);
        ++m_at;
    }
    void string()
    {
        expect('"');
        while (m_at < m_text.size() && m_text[m_at] != '"')
            m_at += m_text[m_at] == '\\' ? 2 : 1;
        if (m_at >= m_text.size())
            throw JsonError(m_at);
        ++m_at;
        ++m_summary.strings;
    }
    void members(char open, char close, int depth)
    {
        m_summary.depth = std::max(m_summary.depth, depth);
        expect(open);
        while (peek() != close) {
            if (open == '{') {
                string();
                expect(':');
            }
            value(depth + 1);
            if (peek() != close)
                expect(',');
        }
        ++m_at;
    }
    void value(int depth)
    {
        const char c = peek();
        if (c == '{')
            return members('{', '}', depth);
        if (c == '[')
            return members('[', ']', depth);
        if (c == '"')
            return string();
        if (c != '-' && !std::isdigit(static_cast<unsigned char>(c)))
            throw JsonError(m_at);
        while (m_at < m_text.size() && std::string_view("+-.eE0123456789").find(m_text[m_at]) != std::string_view::npos)
            ++m_at;
        ++m_summary.numbers;
    }

    std::string m_text;
    std::size_t m_at = 0;
    Summary m_summary;
};

Summary summarize(std::string text)
{
    return Parser(std::move(text)).parse();
}

std::string toText(const Summary &s)
{
    return "depth " + std::to_string(s.depth) + ", " + std::to_string(s.strings) + " strings, "
        + std::to_string(s.numbers) + " numbers";
}

Task<> entry()
{
    const std::string document = R"({"sizes": [[1, 2], [3.5e1, -4]], "name": "photo", "count": 5})";
    std::cout << toText(co_await run(summarize, document)) << '\n';

    // The same function on the main isolate, as it would be where there are no threads.
    Runtime::current().setExecutionMode(ExecutionMode::mainIsolate);
    std::cout << "main isolate: " << toText(co_await compute(summarize, document)) << '\n';
    Runtime::current().setExecutionMode(ExecutionMode::isolates);

    try {
        static_cast<void>(co_await compute(summarize, std::string("[1, 2, x]")));
    } catch (const JsonError &error) { // thrown there, caught here, as the same type
        std::cout << "broken: " << error.what() << '\n';
    }
}

} // namespace

int main()
{
    runMain(entry);
}
