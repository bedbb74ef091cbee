/** The live page: what it shows comes by its script, from the server that served it. */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>fauxlm</title>
<link rel="stylesheet" href="/page.css">
<link rel="icon" href="/icon.svg">
<script src="/page.js" defer></script>
</head>
<body>
<a class="skip" href="#features">To the features</a>
<header>
<h1>fauxlm <span id="address"></span></h1>
<p class="facts"><span id="live" role="status">connecting</span> <span id="vendors"></span>
<span id="triad"></span> <span id="clock"></span></p>
</header>
<main>
<form id="token-form" hidden>
<label for="token">Token of this server</label>
<input id="token" type="password" autocomplete="current-password" required>
<button>Show</button>
<p id="token-error" role="alert"></p>
</form>
<noscript><p>This page needs its script. The same for programs: <a href="/docs">/docs</a>.</p></noscript>
<section aria-labelledby="alerts-title">
<h2 id="alerts-title">Alerts</h2>
<ul id="alerts" aria-live="polite"><li>none</li></ul>
</section>
<section id="features" aria-labelledby="features-title" tabindex="-1">
<h2 id="features-title">Features</h2>
<p class="legend" aria-hidden="true"><span><i class="out"></i> out</span> <span><i class="borrowed"></i> borrowed</span>
<span><i class="reserved"></i> reserved</span> <span><i class="free"></i> free</span>
<span><i class="queued"></i> waiting</span></p>
<div class="scroll" tabindex="0" role="region" aria-label="Table of features">
<table>
<thead><tr><th scope="col">Feature</th><th scope="col">Seats</th><th scope="col">Out</th>
<th scope="col">Reserved</th><th scope="col">Waiting</th><th scope="col">Borrowed</th>
<th scope="col">Free</th><th scope="col">Expires</th></tr></thead>
<tbody id="feature-rows"></tbody>
</table>
</div>
<p id="features-more"></p>
</section>
<section id="over-time" aria-labelledby="timeline-title">
<h2 id="timeline-title">Seats out over time</h2>
<p role="group" aria-label="Zoom">
<button type="button" data-zoom="300" aria-pressed="false">5 min</button>
<button type="button" data-zoom="3600" aria-pressed="false">1 h</button>
<button type="button" data-zoom="86400" aria-pressed="false">1 day</button>
<button type="button" data-zoom="0" aria-pressed="true">all</button>
<button type="button" data-step="in">in</button>
<button type="button" data-step="out">out</button>
<button type="button" data-step="earlier">earlier</button>
<button type="button" data-step="later">later</button></p>
<div id="plot" tabindex="0" role="group" aria-labelledby="timeline-title" aria-describedby="plot-keys timeline-text">
<svg id="timeline" role="img" aria-labelledby="timeline-title timeline-text"></svg></div>
<p class="legend" aria-hidden="true"><span><i class="seats-out"></i> seats out</span>
<span><i class="denied"></i> denied</span> <span><i class="fault"></i> fault in force</span>
<span><i class="down"></i> daemon down</span></p>
<p id="timeline-text" class="note"></p>
<p id="plot-keys" class="note">Drag over the plot to zoom in, double-click for all. Keys in it: + and - zoom,
arrows move, 0 shows all.</p>
</section>
<section aria-labelledby="users-title">
<h2 id="users-title">Who holds what</h2>
<p><label for="search">Search users, hosts and features</label>
<input id="search" type="search" maxlength="200"> <span id="users-count" role="status"></span></p>
<div id="users" class="scroll tall" tabindex="0" role="region" aria-label="Table of users">
<table id="users-table">
<thead><tr><th scope="col">User</th><th scope="col">Host</th><th scope="col">Feature</th>
<th scope="col">Seats</th><th scope="col">Version</th><th scope="col">Since</th>
<th scope="col">Handle</th></tr></thead>
<tbody id="user-rows"></tbody>
</table>
</div>
</section>
<section aria-labelledby="queue-title">
<h2 id="queue-title">Who waits</h2>
<ol id="queue"><li>nobody</li></ol>
</section>
<section aria-labelledby="denials-title">
<h2 id="denials-title">Denials</h2>
<ul id="denials" role="log" aria-label="Denials as they happen"><li>none so far</li></ul>
</section>
<section id="controls" aria-labelledby="controls-title">
<h2 id="controls-title">Controls</h2>
<p><button type="button" id="reread">Reread files</button>
<label for="vendor">Vendor daemon</label> <select id="vendor"></select>
<button type="button" id="kill">Kill</button></p>
<p><label for="advance">Advance the clock by</label> <input id="advance" value="1h" size="6">
<button type="button" id="advance-button">Advance</button></p>
<p><label for="fault">Fault</label> <input id="fault" placeholder="slow latency=200ms" size="28">
<button type="button" id="fault-button">Add</button>
<button type="button" id="faults-clear">End all faults</button></p>
<ul id="faults"></ul>
<p><button type="button" id="reset">Reset the server</button></p>
<p id="done" role="status"></p>
</section>
</main>
<dialog id="confirm" aria-labelledby="confirm-text"><p id="confirm-text"></p><p>
<button type="button" id="confirm-no">Cancel</button>
<button type="button" id="confirm-yes">Do it</button></p></dialog>
<footer><a href="/docs">Routes</a> <a href="/metrics">Metrics</a></footer>
</body>
</html>
`;
