#include "benchmarks/scale_plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>

namespace steadyframe::benchmarks {

namespace {

constexpr double left = 70, width = 620, panelHeight = 120, panelStep = 180, top = 52;

struct Panel {
    std::string title;
    std::string colour;
    int decimals;
    std::function<double(const ScalePoint &)> value;
};

std::string number(double value, int decimals)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

std::string text(double x, double y, const std::string &what, const std::string &attributes)
{
    return "<text x=\"" + number(x, 1) + "\" y=\"" + number(y, 1) + "\" " + attributes + ">" + what + "</text>\n";
}

std::string line(double x1, double y1, double x2, double y2)
{
    return "<line x1=\"" + number(x1, 1) + "\" y1=\"" + number(y1, 1) + "\" x2=\"" + number(x2, 1) + "\" y2=\""
        + number(y2, 1) + "\" stroke=\"#dfe3e9\"/>\n";
}

/// The next of 1, 2, 5, 10, 20 and so on: where an axis ends.
double roundedUp(double value)
{
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 5.0, 10.0}) {
        if (value <= step * power)
            return step * power;
    }
    return value;
}

std::string countText(double count)
{
    if (count >= 1e6)
        return number(count / 1e6, 0) + " million";
    std::string digits = number(count, 0);
    for (std::size_t place = digits.size(); place > 3; place -= 3)
        digits.insert(place - 3, ",");
    return digits;
}

std::string drawn(const Panel &panel, double y, const std::vector<ScalePoint> &points)
{
    double most = 0;
    for (const ScalePoint &point : points)
        most = std::max(most, panel.value(point));
    most = roundedUp(most);
    const double decades = std::max(1.0, std::log10(points.back().count / points.front().count));
    const auto across = [&](const ScalePoint &point) {
        return left + width * std::log10(point.count / points.front().count) / decades;
    };
    const auto down = [&](double value) { return y + panelHeight * (1 - value / most); };

    std::string svg = text(left, y - 10, panel.title, "font-weight=\"600\" fill=\"#14181f\"");
    for (const double share : {0.0, 0.5, 1.0}) {
        svg += line(left, down(share * most), left + width, down(share * most));
        svg += text(left - 8, down(share * most) + 4, number(share * most, panel.decimals),
                    "text-anchor=\"end\" fill=\"#566170\"");
    }
    std::string path;
    for (const ScalePoint &point : points) {
        const double x = across(point), at = down(panel.value(point));
        path += (path.empty() ? "M" : " L") + number(x, 1) + " " + number(at, 1);
        svg += "<circle cx=\"" + number(x, 1) + "\" cy=\"" + number(at, 1) + "\" r=\"3.5\" fill=\"" + panel.colour
            + "\"/>\n";
        svg += text(x, at - 8, number(panel.value(point), panel.decimals), "text-anchor=\"middle\" fill=\"#566170\"");
        svg += text(x, y + panelHeight + 18, countText(point.count), "text-anchor=\"middle\" fill=\"#566170\"");
    }
    return svg + "<path d=\"" + path + "\" fill=\"none\" stroke=\"" + panel.colour + "\" stroke-width=\"2\"/>\n";
}

} // namespace

bool writeScalePlot(const std::string &path, const std::vector<ScalePoint> &points)
{
    const std::vector<Panel> panels{
        {"Spawn one, µs", "#3a53e0", 2, [](const ScalePoint &p) { return p.spawnMicroseconds; }},
        {"Memory of one, bytes", "#0a7350", 0, [](const ScalePoint &p) { return p.bytes; }},
        {"Messages, each to another isolate, which ends on it: millions a second", "#8a5a00", 1,
         [](const ScalePoint &p) { return p.messagesPerSecond / 1e6; }},
    };
    const double height = top + panelStep * static_cast<double>(panels.size());
    std::ofstream file(path, std::ios::trunc);
    file << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 740 " << height
         << "\" font-family=\"Inter, sans-serif\" font-size=\"12\">\n<rect width=\"740\" height=\"" << height
         << "\" fill=\"#ffffff\"/>\n";
    file << text(left, 24, "Isolates alive at once", "font-weight=\"600\" font-size=\"15\" fill=\"#14181f\"");
    double y = top + 14;
    for (const Panel &panel : panels) {
        if (!points.empty())
            file << drawn(panel, y, points);
        y += panelStep;
    }
    file << "</svg>\n";
    file.close();
    if (!file)
        std::fprintf(stderr, "%s: can't be written\n", path.c_str());
    return static_cast<bool>(file);
}

} // namespace steadyframe::benchmarks
