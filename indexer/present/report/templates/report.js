(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var field = document.getElementById("find");
  var items = Array.prototype.slice.call(document.querySelectorAll("[data-item]"));
  var texts = items.map(function (item) { return item.textContent.toLowerCase(); });
  var kinds = {};
  var timer;

  function show() {
    var words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    items.forEach(function (item, at) {
      var box = item.closest("section");
      var kind = box && kinds[box.id];
      var fits = words.every(function (word) { return texts[at].indexOf(word) >= 0; });
      if (kind) { fits = fits && item.getAttribute("data-item").split(" ").indexOf(kind) >= 0; }
      item.classList.toggle("hidden", !fits);
      var fold = item.closest("details");
      if (fits && fold && words.length) { fold.open = true; }
    });
    Array.prototype.forEach.call(document.querySelectorAll("section"), function (box) {
      var all = box.querySelectorAll("[data-item]");
      var note = box.querySelector(".nothing");
      if (note) { note.style.display = all.length && !box.querySelector("[data-item]:not(.hidden)") ? "block" : "none"; }
    });
  }
  field.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(show, 120); });

  Array.prototype.forEach.call(document.querySelectorAll("select[data-kinds]"), function (select) {
    select.addEventListener("change", function () { kinds[select.closest("section").id] = select.value; show(); });
  });

  function value(cell, number) {
    var bar = cell.querySelector(".bar");
    var text = (bar ? bar.title : cell.textContent).trim();
    return bar || number ? parseFloat(text.replace(/,/g, "")) : text;
  }

  Array.prototype.forEach.call(document.querySelectorAll("th[data-sort]"), function (head) {
    var down = true;
    head.addEventListener("click", function () {
      var body = head.closest("table").tBodies[0];
      var column = head.cellIndex;
      var rows = Array.prototype.slice.call(body.rows);
      rows.sort(function (one, other) {
        var a = value(one.cells[column], head.className === "num");
        var b = value(other.cells[column], head.className === "num");
        var order = isNaN(a) || isNaN(b) ? String(a).localeCompare(String(b)) : a - b;
        return down ? -order : order;
      });
      rows.forEach(function (row) { body.appendChild(row); });
      down = !down;
    });
  });

  // What is ticked is kept by this browser, where it lets a file keep something.
  function kept(id, done) {
    try {
      if (done === undefined) { return localStorage.getItem("blogdex " + id) === "done"; }
      if (done) { localStorage.setItem("blogdex " + id, "done"); } else { localStorage.removeItem("blogdex " + id); }
    } catch (error) { return false; }
  }
  Array.prototype.forEach.call(document.querySelectorAll("input[type=checkbox]"), function (box) {
    function look() { box.closest("li").classList.toggle("done", box.checked); }
    box.checked = kept(box.name);
    box.addEventListener("change", function () { kept(box.name, box.checked); look(); });
    look();
  });

  function cell(text) {
    text = text.replace(/\s+/g, " ").trim();
    return '"' + (/^[=+\-@＝＋－＠]/.test(text) ? "'" + text : text).replace(/"/g, '""') + '"';
  }
  function addresses(box) {
    return Array.prototype.map.call(box.querySelectorAll("a[href]:not(.edit)"), function (link) { return link.href; }).join(" ");
  }
  Array.prototype.forEach.call(document.querySelectorAll("button[data-csv]"), function (button) {
    button.addEventListener("click", function () {
      var table = button.closest(".card") && button.closest(".card").querySelector("table");
      var heads = table ? Array.prototype.map.call(table.tHead.rows[0].cells, function (head) { return head.textContent; })
        : ["Done", "What to do", "Id"];
      var items = (table || button.closest("section")).querySelectorAll("[data-item]:not(.hidden)");
      var lines = [heads.concat("Addresses").map(cell).join(",")];
      Array.prototype.forEach.call(items, function (item) {
        var cells = table ? Array.prototype.map.call(item.cells, function (own) {
          return own.querySelector(".bar") ? own.querySelector(".bar").title : own.textContent;
        }) : [item.querySelector("input").checked ? "yes" : "no", item.querySelector("h3").textContent, item.querySelector(".id").textContent];
        lines.push(cells.concat(addresses(item)).map(cell).join(","));
      });
      var saved = document.createElement("a");
      saved.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
      saved.download = "audit-" + button.getAttribute("data-csv") + ".csv";
      saved.click();
      setTimeout(function () { URL.revokeObjectURL(saved.href); }, 1000);
    });
  });

  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.slice.call(document.querySelectorAll("details.short:not([open])"));
    opened.forEach(function (box) { box.open = true; });
  });
  window.addEventListener("afterprint", function () { opened.forEach(function (box) { box.open = false; }); });
})();
