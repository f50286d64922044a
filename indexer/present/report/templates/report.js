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

  Array.prototype.forEach.call(document.querySelectorAll("th[data-sort]"), function (head) {
    var down = true;
    head.addEventListener("click", function () {
      var body = head.closest("table").tBodies[0];
      var column = head.cellIndex;
      var rows = Array.prototype.slice.call(body.rows);
      rows.sort(function (one, other) {
        var a = one.cells[column].getAttribute("data-value") || one.cells[column].textContent;
        var b = other.cells[column].getAttribute("data-value") || other.cells[column].textContent;
        var order = isNaN(a) || isNaN(b) ? a.localeCompare(b) : a - b;
        return down ? -order : order;
      });
      rows.forEach(function (row) { body.appendChild(row); });
      down = !down;
    });
  });

  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.slice.call(document.querySelectorAll("details.short:not([open])"));
    opened.forEach(function (box) { box.open = true; });
  });
  window.addEventListener("afterprint", function () { opened.forEach(function (box) { box.open = false; }); });
})();
